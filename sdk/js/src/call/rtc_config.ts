// Which STUN and TURN servers to use: asked of the server, and again before the credentials end.
import { asError, type CarillonError } from "../errors.ts";
import { longestTimerMs } from "../timings.ts";
import { isObject, type Wire } from "../message.ts";

export const rtcConfigPath = "api/rtc/config";
/** Renewed when this share of their life is over. */
const renewShare = 0.75;
const shortestRenewMs = 10_000;
const retryMs = 5_000;

export interface RtcConfigOptions {
  ask(): Promise<Wire>;
  onRenewed(configuration: RTCConfiguration): void;
  onError(error: CarillonError): void;
}

export class RtcConfig {
  readonly #options: RtcConfigOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;
  /** Without any server, direct paths in one network are still found. */
  current: RTCConfiguration = {};

  constructor(options: RtcConfigOptions) {
    this.#options = options;
  }

  /** Resolves whether it is known or not: what cannot be had now is asked for again. */
  async start(): Promise<void> {
    try {
      const reply = await this.#options.ask();
      if (this.#isOver) return;
      this.current = readConfiguration(reply);
      const ttl = reply["ttl_s"];
      if (typeof ttl === "number") this.#again(Math.max(ttl * 1000 * renewShare, shortestRenewMs));
    } catch (thrown) {
      const error = asError(thrown);
      if (this.#isOver) return;
      // A server that has none to name is no fault.
      if (error.code !== "not_found" && error.code !== "not_supported") this.#options.onError(error);
      if (error.retryable) this.#again(error.waitMs ?? retryMs);
    }
  }

  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #again(waitMs: number): void {
    this.#timer = setTimeout(async () => {
      const before = this.current;
      await this.start();
      if (!this.#isOver && this.current !== before) this.#options.onRenewed(this.current);
    }, Math.min(waitMs, longestTimerMs));
  }
}

function readConfiguration({ iceServers, iceTransportPolicy }: Wire): RTCConfiguration {
  return {
    iceServers: Array.isArray(iceServers) ? (iceServers.filter(isObject) as unknown as RTCIceServer[]) : [],
    iceTransportPolicy: iceTransportPolicy === "relay" ? "relay" : "all",
  };
}
