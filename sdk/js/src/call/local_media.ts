// What we show and say: camera, microphone and screen, each once for all members of a call.
import { asError, CarillonError } from "../errors.ts";
import type { StreamKind, StreamKinds } from "./signal.ts";

/** `true`: the browser's choice; a text: the device of that id; `false`: none. */
export type DeviceChoice = boolean | string;

export interface MediaChoice {
  audio?: DeviceChoice;
  video?: DeviceChoice;
}

export interface Muted {
  audio: boolean;
  video: boolean;
}

export interface LocalTrack {
  /** Stays the same when another device takes over. */
  slot: string;
  track: MediaStreamTrack;
  stream: MediaStream;
}

type TrackKind = "audio" | "video";

/** A mesh sends it once to each member. */
const pictureSize = { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 24, max: 30 } };

export class LocalMedia {
  readonly muted: Muted = { audio: false, video: false };
  readonly #streams = new Map<StreamKind, MediaStream>();
  readonly #onChanged: () => void;
  readonly #onLost: (error: CarillonError) => void;
  /** Counts stops: what a browser opens after one is closed again. */
  #run = 0;

  /** `onLost`: a device was unplugged or taken away. */
  constructor(onChanged: () => void, onLost: (error: CarillonError) => void) {
    this.#onChanged = onChanged;
    this.#onLost = onLost;
  }

  get streams(): ReadonlyMap<StreamKind, MediaStream> {
    return this.#streams;
  }

  get tracks(): LocalTrack[] {
    return [...this.#streams].flatMap(([kind, stream]) =>
      stream.getTracks().map((track) => ({ slot: `${kind}/${track.kind}`, track, stream })));
  }

  get kinds(): StreamKinds {
    return Object.fromEntries([...this.#streams].map(([kind, stream]) => [stream.id, kind]));
  }

  /** What is not named stays. Of two that are wanted, one may fail alone; returns why, if any did. */
  async use(choice: MediaChoice): Promise<CarillonError[]> {
    const errors: CarillonError[] = [];
    const wanted = (["audio", "video"] as const).filter((kind) => choice[kind]);
    const run = this.#run;
    let tracks: MediaStreamTrack[] = [];
    try {
      if (wanted.length > 0) tracks = await openDevices(choice, wanted);
    } catch (thrown) {
      errors.push(mediaError(thrown, wanted));
      if (wanted.length > 1) tracks = await this.#useEach(choice, wanted, errors);
    }
    if (run !== this.#run) {
      for (const track of tracks) track.stop();
      return [];
    }
    for (const kind of ["audio", "video"] as const) {
      const track = tracks.find((each) => each.kind === kind);
      if (track) this.#put("camera", track);
      else if (choice[kind] === false) this.#remove("camera", kind);
    }
    this.#onChanged();
    return errors;
  }

  async #useEach(choice: MediaChoice, wanted: TrackKind[], errors: CarillonError[]): Promise<MediaStreamTrack[]> {
    errors.length = 0;
    const tracks: MediaStreamTrack[] = [];
    for (const kind of wanted) {
      try {
        tracks.push(...(await openDevices(choice, [kind])));
      } catch (thrown) {
        errors.push(mediaError(thrown, [kind]));
      }
    }
    return tracks;
  }

  /** The browser asks which screen or window. */
  async shareScreen(): Promise<void> {
    const run = this.#run;
    let stream: MediaStream;
    try {
      stream = await devices().getDisplayMedia({ video: { frameRate: { ideal: 15 } }, audio: true });
    } catch (thrown) {
      throw mediaError(thrown, ["screen"]);
    }
    if (run !== this.#run) return stream.getTracks().forEach((track) => track.stop());
    this.stopScreen();
    for (const track of stream.getTracks()) {
      if (track.kind === "video") track.contentHint = "detail";
      this.#put("screen", track);
    }
    this.#onChanged();
  }

  stopScreen(): void {
    if (!this.#streams.has("screen")) return;
    for (const track of this.#streams.get("screen")!.getTracks()) track.stop();
    this.#streams.delete("screen");
    this.#onChanged();
  }

  mute(change: Partial<Muted>): void {
    Object.assign(this.muted, change);
    for (const track of this.#streams.get("camera")?.getTracks() ?? []) this.#applyMuted(track);
    this.#onChanged();
  }

  stop(): void {
    this.#run++;
    for (const { track } of this.tracks) track.stop();
    this.#streams.clear();
  }

  #put(kind: StreamKind, track: MediaStreamTrack): void {
    const stream = this.#streams.get(kind) ?? new MediaStream();
    this.#streams.set(kind, stream);
    this.#remove(kind, track.kind as TrackKind);
    if (kind === "camera") this.#applyMuted(track);
    // Only when something else ends it: `stop()` tells nobody.
    track.addEventListener("ended", () => {
      if (kind === "screen") return this.stopScreen();
      this.#remove(kind, track.kind as TrackKind);
      this.#onLost(mediaError(new DOMException("it was taken away", "NotFoundError"), [track.kind as TrackKind]));
      this.#onChanged();
    });
    stream.addTrack(track);
    this.#streams.set(kind, stream);
  }

  #remove(kind: StreamKind, trackKind: TrackKind): void {
    const stream = this.#streams.get(kind);
    for (const track of stream?.getTracks().filter((each) => each.kind === trackKind) ?? []) {
      track.stop();
      stream!.removeTrack(track);
    }
    if (stream?.getTracks().length === 0) this.#streams.delete(kind);
  }

  #applyMuted(track: MediaStreamTrack): void {
    track.enabled = !this.muted[track.kind as TrackKind];
  }
}

/** Cameras, microphones and loudspeakers; their names are told once one of them may be used. */
export async function listDevices(): Promise<MediaDeviceInfo[]> {
  return devices().enumerateDevices();
}

function devices(): MediaDevices {
  const found = globalThis.navigator?.mediaDevices;
  if (found) return found;
  throw new CarillonError("not_supported", "this page may use no camera and no microphone", {
    hint: "Browsers allow them on https and on localhost only.",
  });
}

async function openDevices(choice: MediaChoice, wanted: readonly TrackKind[]): Promise<MediaStreamTrack[]> {
  const constraints = Object.fromEntries(wanted.map((kind) => {
    const device = choice[kind];
    const exact = typeof device === "string" ? { deviceId: { exact: device } } : {};
    return [kind, kind === "video" ? { ...pictureSize, ...exact } : exact];
  }));
  return (await devices().getUserMedia(constraints)).getTracks();
}

const words = { audio: "microphone", video: "camera", screen: "screen" };

/** Media Capture and Streams, §10.2: what a refusal's name means. */
export function mediaError(thrown: unknown, wanted: readonly (keyof typeof words)[]): CarillonError {
  if (thrown instanceof CarillonError) return thrown;
  const what = wanted.map((kind) => words[kind]).join(" and ");
  const detail = { cause: thrown, retryable: false };
  switch ((thrown as Error | undefined)?.name) {
    case "NotAllowedError":
    case "SecurityError":
      return new CarillonError("media_denied", `the ${what} may not be used`, {
        ...detail, hint: "Allow it beside the address of the page, and in the settings of the system; then try again.",
      });
    case "NotFoundError":
    case "OverconstrainedError":
      return new CarillonError("no_device", `there is no ${what}, or not the one that was chosen`, {
        ...detail, hint: "Plug one in, or choose another one. Without one you see and hear the others.",
      });
    case "NotReadableError":
    case "AbortError":
      return new CarillonError("device_busy", `the ${what} cannot be opened`, {
        ...detail, hint: "Another program may be using it: close that, then try again.",
      });
    default:
      return asError(thrown, "not_supported", `the ${what}: `);
  }
}
