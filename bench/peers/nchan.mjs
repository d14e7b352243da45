// Debian's nginx with Nchan: WebSocket, Server-Sent Events and long polling.
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { free_port, serve } from "../run/process.mjs";

const module_file = "/usr/lib/nginx/modules/ngx_nchan_module.so";
const publish = { publish_path: "/publish/{channel}" };

/** @type {import("../run/peers.mjs").Peer} */
export default {
  name: "Nchan",
  version: () => execFileSync("dpkg-query", ["-W", "nginx", "libnginx-mod-nchan"], { encoding: "utf8" })
    .trim().replaceAll("\t", " ").replaceAll("\n", ", "),

  dialects: {
    websocket: { ...publish, path: "/websocket/{channel}" },
    handshake: { path: "/websocket/{channel}" },
    sse: { ...publish, path: "/eventsource/{channel}", field: "Accept: text/event-stream" },
    longpoll: {
      ...publish,
      path: "/longpoll/{channel}",
      field: ["If-Modified-Since: {Last-Modified}", "If-None-Match: {Etag}"],
    },
  },

  async start(place) {
    const port = await free_port();
    writeFileSync(`${place.folder}/nginx.conf`, config(place.folder, port));
    return serve(place, "nginx", ["-e", "stderr", "-p", place.folder, "-c", "nginx.conf"], port);
  },

  cannot: () => (existsSync(module_file) ? undefined : "libnginx-mod-nchan is not installed"),
};

/** @param {string} folder @param {number} port */
function config(folder, port) {
  const subscriber = (/** @type {string} */ kind) => `location ~ ^/${kind}/(\\w+)$ {
      nchan_subscriber ${kind}; nchan_channel_id $1; nchan_subscriber_first_message oldest; }`;
  return `
    ${process.getuid?.() === 0 ? `user ${userInfo().username};` : ""}
    load_module ${module_file};
    daemon off; worker_processes 1; worker_rlimit_nofile 20000; pid ${folder}/pid; error_log stderr;
    events { worker_connections 19990; }
    http {
      access_log off;
      nchan_shared_memory_size 256m;
      ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((each) => `${each}_temp_path ${folder}/${each};`).join(" ")}
      server {
        listen 127.0.0.1:${port} backlog=4096;
        location ~ ^/publish/(\\w+)$ {
          nchan_publisher websocket; nchan_channel_id $1; nchan_message_buffer_length 1000; }
        ${["websocket", "eventsource", "longpoll"].map(subscriber).join("\n")}
      }
    }`;
}
