// A Socket.IO application over Carillon's library: ../socketio.
import { build, serve } from "../run/process.mjs";
import carillon from "./carillon.mjs";
import { application } from "./npm_socketio.mjs";

/** @type {import("../run/peers.mjs").Peer} */
export default {
  name: carillon.name,
  version: carillon.version,
  dialects: { socketio: application.websocket, socketio_polling: application.polling },
  start: (place) => serve(place, `${build}/bench_socketio`, place.words),
};
