# docker build -t carillon . && docker run -p 8000:8000 -e CARILLON_ACCESS_ANONYMOUS=subscribe,publish carillon
FROM debian:12 AS build
WORKDIR /src
COPY . .
RUN ./dev package && mv build/release/carillon_*.deb /carillon.deb

FROM debian:12-slim
COPY --from=build /carillon.deb /tmp/
RUN apt-get update && apt-get install -y --no-install-recommends /tmp/carillon.deb \
 && rm -rf /tmp/carillon.deb /var/lib/apt/lists/* \
 && install -d -o 10001 -g 10001 /var/lib/carillon
USER 10001:10001
VOLUME /var/lib/carillon
# `docker stop` kills after 10 seconds, and what is kept is written after the drain.
ENV CARILLON_SERVER_DRAIN_S=5
EXPOSE 8000
ENTRYPOINT ["/usr/bin/carillon"]
CMD ["serve", "--listen", "0.0.0.0:8000", "--data-dir", "/var/lib/carillon"]
