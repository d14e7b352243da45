// @carillon/client/call: importing it gives clients `call()`.
import { Carillon } from "../client.ts";
import { Call, type CallOptions } from "./call.ts";

declare module "../client.ts" {
  interface Carillon {
    /** The call of a channel that knows who is there (`call:…`); a new one each time. */
    call(name: string, options?: CallOptions): Call;
  }
}

Carillon.prototype.call = function (this: Carillon, name: string, options: CallOptions = {}): Call {
  return new Call(this, name, options);
};

export { Call, type CallEvents, type CallOptions, type CallState, type JoinOptions } from "./call.ts";
export { FileReceiving } from "./file_receiving.ts";
export { type FileEvents, FileSending, type FileState } from "./file_sending.ts";
export { listDevices, type DeviceChoice, type MediaChoice, type Muted } from "./local_media.ts";
export { type Path, type PeerStats, type Quality, qualityOf } from "./path.ts";
export { Peer, type PeerEvents, type PeerState } from "./peer.ts";
export type { StreamKind } from "./signal.ts";
