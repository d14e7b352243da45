// @carillon/client: what applications import.
export { Carillon, type CarillonEvents, type CarillonOptions, type Stats } from "./client.ts";
export {
  Channel, type ChannelEvents, type ChannelOptions, type HistoryOptions, type HistoryPage, type PublishOptions,
} from "./channel.ts";
export { chooseTransport, type Requirements, type Technology } from "./choose.ts";
export { CarillonError, type ErrorCode } from "./errors.ts";
export type { Ephemeral, Gap, Message, Publisher } from "./message.ts";
export type { Receipt } from "./outbox.ts";
export type { Presence, PresenceCount, PresenceEvents } from "./presence.ts";
export type { LeaveCause, Member } from "./roster.ts";
export type { Signal } from "./signals.ts";
export { describeState, type State } from "./state.ts";
export type { Timings } from "./timings.ts";
export type { TokenSource } from "./token.ts";
export type { TransportName } from "./transport/factories.ts";
export type { WebSocketClass, WebSocketLike } from "./transport/transport.ts";
