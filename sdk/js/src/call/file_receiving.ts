// A file that a member offers: taken or not, put together in order, and held against its checksum.
import { Emitter } from "../emitter.ts";
import { CarillonError } from "../errors.ts";
import type { FileEvents, FileState } from "./file_sending.ts";
import { chunkBytes, type FileChannel, type FileOffer, type FileWord, heldBytes, readFileWord, say } from "./file_wire.ts";
import { Sha256 } from "./sha256.ts";

/** However small the pieces are that a sender makes. */
const mostParts = 2 * (heldBytes / chunkBytes);

export class FileReceiving extends Emitter<FileEvents> {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly mediaType: string;
  error: CarillonError | undefined;
  #state: FileState = "offered";
  #isAccepted = false;
  #channel: FileChannel | undefined;
  #receivedBytes = 0;
  readonly #hash = new Sha256();
  #parts: BlobPart[] = [];
  #partBytes = 0;
  readonly #blob: Promise<Blob>;
  #settle!: { resolve(blob: Blob): void; reject(error: CarillonError): void };

  /** @internal */
  constructor({ id, name, size, mediaType }: FileOffer) {
    super();
    this.id = id;
    this.name = name;
    this.size = size;
    this.mediaType = mediaType;
    this.#blob = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    this.#blob.catch(() => {});
  }

  get state(): FileState {
    return this.#state;
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  get isOver(): boolean {
    return this.#state === "done" || this.#state === "failed";
  }

  /** Resolves with the file once all of it is there and its checksum is right. */
  accept(): Promise<Blob> {
    if (!this.#isAccepted && !this.isOver) {
      this.#isAccepted = true;
      this.#goOn();
    }
    return this.#blob;
  }

  /** Before or after it was accepted. */
  refuse(): void {
    if (this.isOver) return;
    if (this.#channel) say(this.#channel, { type: "cancel" });
    const wasAccepted = this.#isAccepted;
    this.#fail(new CarillonError(wasAccepted ? "cancelled" : "refused", "the file was not taken"));
  }

  /** @internal The offer came over `channel`: the first time, or after a cut. */
  attach(channel: FileChannel): void {
    if (this.#channel !== channel) this.#channel?.close();
    this.#channel = channel;
    channel.binaryType = "arraybuffer";
    channel.addEventListener("message", ({ data }) => {
      if (channel === this.#channel) this.#onMessage(data);
    });
    channel.addEventListener("close", () => { if (channel === this.#channel) this.detach(); });
    if (this.#isAccepted) this.#goOn();
  }

  /** @internal The connection is over. */
  detach(): void {
    this.#channel = undefined;
    if (!this.isOver && this.#isAccepted) this.#setState("waiting");
  }

  /** @internal */
  abandon(): void {
    if (!this.isOver) this.#fail(new CarillonError("cancelled", "the sender has left the call"));
  }

  #goOn(): void {
    if (!this.#channel) return this.#setState("waiting");
    say(this.#channel, { type: "accept", offset: this.#receivedBytes });
    this.#setState("moving");
  }

  #onMessage(data: string | ArrayBuffer): void {
    if (this.isOver) return;
    if (typeof data !== "string") return this.#onOctets(new Uint8Array(data));
    const word: FileWord | undefined = readFileWord(data);
    if (word?.type === "end") this.#onEnd(word.sha256);
    else if (word?.type === "cancel") this.#fail(new CarillonError("cancelled", "the sender has broken it off"));
  }

  #onOctets(octets: Uint8Array<ArrayBuffer>): void {
    const isTooMuch = this.#receivedBytes + octets.length > this.size;
    if (!this.#isAccepted || isTooMuch) return this.#onMismatch("more arrived than was offered");
    if (octets.length === 0) return;
    this.#hash.update(octets);
    this.#receivedBytes += octets.length;
    this.#parts.push(octets);
    this.#partBytes += octets.length;
    const isFull = this.#partBytes >= heldBytes || this.#parts.length >= mostParts;
    if (!isFull && this.#receivedBytes < this.size) return;
    this.#parts = [new Blob(this.#parts)];
    this.#partBytes = 0;
    this.emit("progress", this.#receivedBytes);
  }

  #onEnd(sum: string): void {
    if (!this.#isAccepted) return this.#onMismatch("it was not accepted yet");
    if (this.#receivedBytes !== this.size) return this.#onMismatch("less arrived than was offered");
    if (this.#hash.digest() !== sum) return this.#onMismatch("the checksum is another one");
    const blob = new Blob(this.#parts, { type: this.mediaType });
    this.#parts = [];
    say(this.#channel!, { type: "done" });
    this.#setState("done");
    this.#settle.resolve(blob);
  }

  #onMismatch(what: string): void {
    if (this.#channel) say(this.#channel, { type: "mismatch" });
    this.#fail(new CarillonError("mismatch", what));
  }

  #fail(error: CarillonError): void {
    this.error = error;
    this.#parts = [];
    this.#setState("failed");
    this.#settle.reject(error);
  }

  #setState(state: FileState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.emit("state", state);
  }
}
