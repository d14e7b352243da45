// Members of calls: pages of the server's own origin with the client and its calls in them, by script tags.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect_no_errors, open_page } from "./browser.mjs";
import { quick_timings, sdk_folder } from "./sdk.mjs";
import { sdk_script } from "./sdk_page.mjs";
import { until } from "./wait.mjs";

/** What the page keeps of its call. */
const page_program = (/** @type {object} */ options) => `
  var client = new Carillon(location.origin, { timings: ${JSON.stringify(quick_timings)}, ...${JSON.stringify(options)} });
  var call, told = { leaves: [], errors: [], states: [] }, files = [], connections = [];
  var Original = RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Original {
    constructor(...words) { super(...words); connections.push(this); }
  };
  // Others are taken out of what goes over.
  function onlyAddresses(pattern) {
    var signal = client.signal.bind(client);
    client.signal = (to, data) => {
      if (data.candidate && !pattern.test(data.candidate.candidate)) return Promise.resolve();
      var sdp = data.sdp?.split("\\r\\n").filter((line) => !line.startsWith("a=candidate") || pattern.test(line)).join("\\r\\n");
      return signal(to, sdp === undefined ? data : { ...data, sdp });
    };
  }
  async function join(name, options, callOptions) {
    call = client.call(name, callOptions);
    call.on("peer", (peer) => {
      peer.on("file", (file) => files.push(file));
      peer.on("state", (state) => told.states.push(state));
    });
    call.on("leave", ({ peer, cause }) => told.leaves.push({ id: peer.id, cause }));
    call.on("error", ({ code, message }) => told.errors.push({ code, message }));
    await call.join(options);
    return client.id;
  }
  var peerOf = (id) => call.peers.get(id);
  var paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  var screens = new Map();
  async function look(id, kind) {
    var stream = peerOf(id)?.streams.get(kind);
    if (!stream) return undefined;
    var video = screens.get(stream) ?? Object.assign(document.createElement("video"), { muted: true, srcObject: stream });
    screens.set(stream, video);
    video.play().catch(() => {});
    if (video.videoWidth === 0) return undefined;
    paint.drawImage(video, 0, 0, 64, 36);
    var pixels = paint.getImageData(0, 0, 64, 36).data;
    var sum = 0;
    for (var at = 0; at < pixels.length; at += 4) sum += pixels[at] + pixels[at + 1] + pixels[at + 2];
    return { frames: video.getVideoPlaybackQuality().totalVideoFrames, brightness: sum / (pixels.length / 4) / 3, width: video.videoWidth };
  }
`;

/**
 * A page that is in no call yet.
 * @param {import("node:test").TestContext} context @param {string} url
 * @param {object} [options] of the client
 */
export async function open_sdk_call_page(context, url, options = {}) {
  const page = await open_page(context, { has_media: true });
  expect_no_errors(context, page);
  await page.goto(`${url}/healthz`);
  await page.addScriptTag({ content: sdk_script() });
  await page.addScriptTag({ content: readFileSync(join(sdk_folder(), "dist/carillon-call.min.js"), "utf8") });
  await page.addScriptTag({ content: page_program(options) });
  return new SdkCallPage(page);
}

export class SdkCallPage {
  /** The client's, once it has joined. */
  id = "";

  /** @param {import("playwright-core").Page} page */
  constructor(page) {
    this.page = page;
  }

  /** @param {string} name @param {object} [options] @param {object} [call_options] */
  async join(name, options = { audio: true, video: true }, call_options = {}) {
    const words = [name, options, call_options].map((word) => JSON.stringify(word)).join();
    this.id = await this.run(`join(${words})`);
    return this;
  }

  /** @param {string} program @returns {Promise<any>} */
  run(program) {
    return this.page.evaluate(program);
  }

  /** Waits until the picture of another one moves and is not black. @param {SdkCallPage} other @param {string} [kind] */
  async sees(other, kind = "camera") {
    /** @type {number | undefined} */
    let first;
    let told = "";
    await until(async () => {
      told = JSON.stringify(await this.told());
      const seen = await this.run(`look("${other.id}", "${kind}")`);
      if (!seen || seen.brightness < 10) return false;
      first ??= seen.frames;
      return seen.frames >= Number(first) + 5;
    }, { what: () => `the ${kind} to be seen; told: ${told}` });
  }

  /** @returns {Promise<{ leaves: any[], errors: any[], states: string[] }>} */
  told() {
    return this.run("told");
  }

  /** Of another one: its state, path and statistics. @param {SdkCallPage} other */
  peer(other) {
    return this.run(`(({ state, path, stats, muted, data }) => ({ state, path, stats, muted, data }))(peerOf("${other.id}"))`);
  }
}
