// One transport on the page: its state, what it heard and when, and the button that cuts it.
import { Continuity } from "./continuity.ts";
import { from_template, part } from "./dom.ts";
import { type Listener, type Message, type Reader, type State, text_of } from "../transports/message.ts";
import { Delays } from "./delays.ts";

const kept_count = 100;
const state_names: Record<State, string> = {
  connecting: "Connecting",
  listening: "Listening",
  waiting: "Disconnected",
  cut: "Cut",
};
const clock = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  hourCycle: "h23",
});

export class Pane implements Listener {
  readonly root = from_template("pane");
  readonly #list = part<HTMLOListElement>(this.root, ".messages");
  readonly #button = part<HTMLButtonElement>(this.root, ".cut");
  readonly #reader: Reader;
  readonly #name: string;
  readonly #continuity = new Continuity();
  readonly #delays = new Delays();
  #heard_count = 0;
  #listening_since_ms = Infinity;

  constructor(name: string, make_reader: (listener: Listener) => Reader) {
    this.#name = name;
    this.#reader = make_reader(this);
    this.root.setAttribute("aria-label", name);
    part(this.root, "h2").textContent = name;
    this.#list.setAttribute("aria-label", `Heard over ${name}`);
    this.#button.addEventListener("click", () => this.#toggle());
    this.on_state("connecting");
    this.#show_totals();
  }

  start(position: string | undefined): void {
    this.#listening_since_ms = Date.now();
    this.#reader.start(position);
  }

  on_state(state: State, detail?: string): void {
    this.root.dataset.state = state;
    const text = detail ? `${state_names[state]}, ${detail}` : state_names[state];
    part(this.root, ".state-text").textContent = text;
    const action = state === "cut" ? "Resume" : "Cut";
    this.#button.textContent = action;
    this.#button.setAttribute("aria-label", `${action} ${this.#name}`);
  }

  on_gap(): void {
    this.#continuity.restart();
    const entry = document.createElement("li");
    entry.className = "gap";
    entry.textContent = "Older messages are no longer kept: some may be missing here.";
    this.#prepend(entry);
  }

  on_message(message: Message): void {
    if (this.#continuity.judge(message) === "repeated") return;
    this.#heard_count++;
    this.#prepend(this.#entry(message));
    this.#show_totals();
  }

  #toggle(): void {
    if (this.root.dataset.state === "cut") {
      this.on_state("connecting");
      this.start(this.#reader.position);
    } else {
      this.#reader.stop();
      this.on_state("cut");
    }
  }

  #entry(message: Message): HTMLElement {
    const now_ms = Date.now();
    const live = message.timestamp >= this.#listening_since_ms;
    const entry = from_template("entry");
    part(entry, ".data").textContent = text_of(message);
    part(entry, ".offset").textContent = `${message.offset}`;
    const time = part<HTMLTimeElement>(entry, "time");
    time.dateTime = new Date(now_ms).toISOString();
    time.textContent = clock.format(now_ms);
    const delay = part(entry, ".delay");
    if (live) {
      delay.textContent = this.#delays.add(now_ms - message.timestamp);
    } else {
      delay.textContent = "caught up";
      entry.classList.add("caught-up");
    }
    return entry;
  }

  #prepend(entry: HTMLElement): void {
    part(this.root, ".empty").hidden = true;
    this.#list.prepend(entry);
    while (this.#list.childElementCount > kept_count) this.#list.lastElementChild!.remove();
  }

  #show_totals(): void {
    const missed = this.#continuity.missed_count;
    const totals = [`${this.#heard_count} heard`, missed === 0 ? "none missed" : `${missed} missed`];
    const median = this.#delays.median();
    if (median !== undefined) totals.push(`median ${median}`);
    const footer = part(this.root, "footer");
    footer.textContent = totals.join(" · ");
    footer.classList.toggle("failed", missed > 0);
  }
}
