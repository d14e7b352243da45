// All files between us and one member, over however many connections.
import { FileReceiving } from "./file_receiving.ts";
import { FileSending } from "./file_sending.ts";
import { type FileChannel, type FileOffer, mostIncoming, readFileWord, say } from "./file_wire.ts";

/** Of what has arrived: so many are known again where their sender has not heard of it. */
const mostFinished = 100;

export class FileExchange {
  readonly #open: () => FileChannel | undefined;
  readonly #onOffered: (file: FileReceiving) => void;
  readonly #sending = new Set<FileSending>();
  readonly #receiving = new Map<string, FileReceiving>();
  readonly #finished = new Set<string>();

  /** `open`: a new channel for one file, where there is a connection now. */
  constructor(open: () => FileChannel | undefined, onOffered: (file: FileReceiving) => void) {
    this.#open = open;
    this.#onOffered = onOffered;
  }

  send(file: Blob & { name?: string }): FileSending {
    const sending = new FileSending(file);
    this.#sending.add(sending);
    sending.on("state", () => { if (sending.isOver) this.#sending.delete(sending); });
    this.#attach(sending);
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
    if (this.#finished.has(offer.id)) return say(channel, { type: "done" });
    const known = this.#receiving.get(offer.id);
    if (known) return known.attach(channel);
    if (this.#receiving.size >= mostIncoming) return say(channel, { type: "cancel" });
    const receiving = new FileReceiving(offer);
    this.#receiving.set(offer.id, receiving);
    receiving.on("state", (state) => {
      if (!receiving.isOver) return;
      this.#receiving.delete(offer.id);
      if (state === "done") this.#remember(offer.id);
    });
    receiving.attach(channel);
    this.#onOffered(receiving);
  }

  #remember(id: string): void {
    this.#finished.add(id);
    for (const oldest of this.#finished) {
      if (this.#finished.size <= mostFinished) break;
      this.#finished.delete(oldest);
    }
  }

  #attach(sending: FileSending): void {
    const channel = this.#open();
    if (channel) sending.attach(channel);
  }
}
