// The bare program: batched sends and nothing else.
import { build, serve } from "../run/process.mjs";

const binary = `${build}/bench_floor`;
let batch = "not started yet";

/** @type {import("../run/peers.mjs").Peer} */
export default {
  name: "bare program",
  version: () => `sends by ${batch}`,

  dialects: {
    websocket: { path: "/", publish_path: "/publish" },
    handshake: { path: "/" },
    echo: { path: "/echo" },
  },

  async start(place) {
    const server = await serve(place, binary, place.words);
    batch = server.output().match(/ by (\S+)/)?.[1] ?? batch;
    return server;
  },
};
