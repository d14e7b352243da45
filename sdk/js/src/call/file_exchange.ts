// All files between us and one member, over however many connections.
import { Bucket } from "./bucket.ts";
import { FileReceiving } from "./file_receiving.ts";
import { FileSending } from "./file_sending.ts";
import { type FileChannel, type FileOffer, mostIncoming, readFileWord, say } from "./file_wire.ts";

/** Of what is over: so many are known again where their sender has not heard of it. */
const mostFinished = 100;
/** New files that a member may offer: so many at once, and one more in so long. */
const mostOffersAtOnce = 64;
const offerMs = 500;

export class FileExchange {
  readonly #open: () => FileChannel | undefined;
  readonly #onOffered: (file: FileReceiving) => void;
  readonly #sending = new Set<FileSending>();
  readonly #receiving = new Map<string, FileReceiving>();
  /** What their senders are told who offer them again. */
  readonly #finished = new Map<string, "done" | "cancel">();
  readonly #offers = new Bucket(mostOffersAtOnce, offerMs);
  #isOver = false;

  /** `open`: a new channel for one file, where there is a connection now. */
  constructor(open: () => FileChannel | undefined, onOffered: (file: FileReceiving) => void) {
    this.#open = open;
    this.#onOffered = onOffered;
  }

  send(file: Blob & { name?: string }): FileSending {
    const sending = new FileSending(file);
    this.#sending.add(sending);
    sending.on("state", () => { if (sending.isOver) this.#sending.delete(sending); });
    if (this.#isOver) sending.abandon();
    else this.#attach(sending);
    return sending;
  }

  /** There is a connection: what is not over goes on. */
  onOpen(): void {
    for (const sending of this.#sending) this.#attach(sending);
  }

  onEnd(): void {
    for (const each of [...this.#sending, ...this.#receiving.values()]) each.detach();
  }

  /** The other side is gone. */
  stop(): void {
    this.#isOver = true;
    for (const each of [...this.#sending, ...this.#receiving.values()]) each.abandon();
  }

  /** The other side has opened one: its first word says for what. */
  onChannel(channel: FileChannel): void {
    channel.addEventListener("message", ({ data }) => {
      const word = typeof data === "string" ? readFileWord(data) : undefined;
      if (word?.type === "offer") this.#onOffer(channel, word);
      else channel.close();
    }, { once: true });
  }

  #onOffer(channel: FileChannel, offer: FileOffer): void {
    const verdict = this.#finished.get(offer.id);
    if (verdict) return say(channel, { type: verdict });
    const known = this.#receiving.get(offer.id);
    if (known) return known.attach(channel);
    if (this.#receiving.size >= mostIncoming || !this.#offers.take()) return say(channel, { type: "cancel" });
    const receiving = new FileReceiving(offer);
    this.#receiving.set(offer.id, receiving);
    receiving.on("state", (state) => {
      if (!receiving.isOver) return;
      this.#receiving.delete(offer.id);
      this.#remember(offer.id, state === "done" ? "done" : "cancel");
    });
    receiving.attach(channel);
    this.#onOffered(receiving);
  }

  #remember(id: string, verdict: "done" | "cancel"): void {
    this.#finished.set(id, verdict);
    for (const oldest of this.#finished.keys()) {
      if (this.#finished.size <= mostFinished) break;
      this.#finished.delete(oldest);
    }
  }

  #attach(sending: FileSending): void {
    const channel = this.#open();
    if (channel) sending.attach(channel);
  }
}
