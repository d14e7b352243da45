// A file on its way to one member: read by slices, never whole; after a cut it goes on from what the
// receiver has.
import { Emitter } from "../emitter.ts";
import { asError, CarillonError } from "../errors.ts";
import { randomText } from "../random.ts";
import {
  chunkBytes, type FileChannel, type FileWord, highWaterBytes, lowWaterBytes, mostFileBytes, readFileWord, say, sliceBytes,
} from "./file_wire.ts";
import { Sha256 } from "./sha256.ts";

/** `waiting`: there is no connection now; it goes on by itself. */
export type FileState = "offered" | "moving" | "waiting" | "done" | "failed";

export interface FileEvents {
  /** Octets that are over, of `size`; at most once for each slice. */
  progress: number;
  state: FileState;
}

export class FileSending extends Emitter<FileEvents> {
  readonly id = randomText();
  readonly name: string;
  readonly size: number;
  /** Resolves once the receiver has all of it and the checksum is right. */
  readonly done: Promise<void>;
  error: CarillonError | undefined;
  readonly #file: Blob;
  #state: FileState = "waiting";
  #channel: FileChannel | undefined;
  #sentBytes = 0;
  #hash = new Sha256();
  #hashedBytes = 0;
  #sum: string | undefined;
  #settle!: { resolve(): void; reject(error: CarillonError): void };

  /** @internal Fails with `too_large`. */
  constructor(file: Blob & { name?: string }) {
    super();
    if (file.size > mostFileBytes) {
      throw new CarillonError("too_large", `a file of ${file.size} octets: at most ${mostFileBytes} go over at once`);
    }
    this.#file = file;
    this.name = file.name ?? "file";
    this.size = file.size;
    this.done = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    // Whoever does not wait for it hears of it by `state`.
    this.done.catch(() => {});
  }

  get state(): FileState {
    return this.#state;
  }

  /** What has left this side. */
  get sentBytes(): number {
    return Math.max(this.#sentBytes - (this.#channel?.bufferedAmount ?? 0), 0);
  }

  get isOver(): boolean {
    return this.#state === "done" || this.#state === "failed";
  }

  cancel(): void {
    if (this.#channel) say(this.#channel, { type: "cancel" });
    this.#fail(new CarillonError("cancelled", "the file was taken back"));
  }

  /** @internal A channel of its own, from this connection on. */
  attach(channel: FileChannel): void {
    this.#channel?.close();
    this.#channel = channel;
    channel.bufferedAmountLowThreshold = lowWaterBytes;
    const on = (name: string, listener: (event: MessageEvent) => void) =>
      channel.addEventListener(name, (event) => { if (channel === this.#channel) listener(event as MessageEvent); });
    const offer = () => {
      say(channel, { type: "offer", id: this.id, name: this.name, size: this.size, mediaType: this.#file.type });
      this.#setState("offered");
    };
    on("open", offer);
    on("message", ({ data }) => this.#onWord(channel, readFileWord(String(data))));
    on("close", () => this.detach());
    if (channel.readyState === "open") offer();
  }

  /** @internal The connection is over. */
  detach(): void {
    this.#channel = undefined;
    if (!this.isOver) this.#setState("waiting");
  }

  /** @internal */
  abandon(): void {
    if (!this.isOver) this.#fail(new CarillonError("cancelled", "the receiver has left the call"));
  }

  #onWord(channel: FileChannel, word: FileWord | undefined): void {
    if (this.isOver) return;
    switch (word?.type) {
      case "accept":
        // It cannot have what has not been sent.
        if (word.offset > this.#hashedBytes) return this.#fail(new CarillonError("mismatch", "the receiver has another file"));
        return this.#state === "offered" ? void this.#send(channel, word.offset) : undefined;
      case "cancel": {
        const wasOffered = this.#state === "offered";
        return this.#fail(wasOffered
          ? new CarillonError("refused", "the file is not wanted")
          : new CarillonError("cancelled", "the receiver has broken it off"));
      }
      case "mismatch": return this.#fail(new CarillonError("mismatch", "what arrived is not what was sent"));
      case "done": return this.#finish();
    }
  }

  async #send(channel: FileChannel, offset: number): Promise<void> {
    this.#setState("moving");
    try {
      for (let at = offset; at < this.size; at += sliceBytes) {
        const octets = new Uint8Array(await this.#file.slice(at, at + sliceBytes).arrayBuffer());
        this.#update(at, octets);
        if (!(await this.#sendSlice(channel, at, octets))) return;
      }
      if (channel !== this.#channel) return;
      say(channel, { type: "end", sha256: (this.#sum ??= this.#hash.digest()) });
    } catch (thrown) {
      if (channel !== this.#channel) return;
      say(channel, { type: "cancel" });
      this.#fail(asError(thrown, "cancelled", "the file can no longer be read: "));
    }
  }

  /** False where the channel is not ours any more. */
  async #sendSlice(channel: FileChannel, at: number, octets: Uint8Array<ArrayBuffer>): Promise<boolean> {
    for (let begin = 0; begin < octets.length; begin += chunkBytes) {
      if (channel.bufferedAmount > highWaterBytes) await sunk(channel);
      if (channel !== this.#channel || channel.readyState !== "open") return false;
      const chunk = octets.subarray(begin, begin + chunkBytes);
      channel.send(chunk);
      this.#sentBytes = at + begin + chunk.length;
    }
    this.emit("progress", this.sentBytes);
    return true;
  }

  /** What is sent again has been counted already. */
  #update(at: number, octets: Uint8Array): void {
    const fresh = octets.subarray(Math.max(this.#hashedBytes - at, 0));
    if (at > this.#hashedBytes || fresh.length === 0) return;
    this.#hash.update(fresh);
    this.#hashedBytes += fresh.length;
  }

  #finish(): void {
    this.#sentBytes = this.size;
    this.emit("progress", this.size);
    this.#setState("done");
    this.#settle.resolve();
    this.#close();
  }

  #fail(error: CarillonError): void {
    if (this.isOver) return;
    this.error = error;
    this.#setState("failed");
    this.#settle.reject(error);
    this.#close();
  }

  #close(): void {
    this.#channel?.close();
    this.#channel = undefined;
  }

  #setState(state: FileState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.emit("state", state);
  }
}

/** Until the buffer has sunk, or there is none any more. */
function sunk(channel: FileChannel): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      channel.removeEventListener("bufferedamountlow", done);
      channel.removeEventListener("close", done);
      resolve();
    };
    channel.addEventListener("bufferedamountlow", done);
    channel.addEventListener("close", done);
    if (channel.readyState !== "open") done();
  });
}
