// A page in a call of two, in a real browser: it signals over the server's WebSocket, by the roles of
// perfect negotiation that docs/webrtc.md gives to client ids.
import { open_page } from "./browser.mjs";
import { until } from "./wait.mjs";

/* global document, fetch, HTMLVideoElement, RTCPeerConnection, WebSocket, window */

/** Runs in the page: `enter_call(connection, channel)`, once `connection` has its tracks. */
const signalling = `
  function enter_call(connection, channel) {
    const socket = new WebSocket(location.origin.replace("http", "ws") + "/ws");
    let me = "", other = "", making_offer = false, ignoring_offer = false;
    const tell = (frame) => socket.send(JSON.stringify(frame));
    const signal = (data) => tell({ type: "signal", to: other, data });
    const offer = async () => {
      making_offer = true;
      await connection.setLocalDescription();
      making_offer = false;
      signal({ type: connection.localDescription.type, sdp: connection.localDescription.sdp });
    };
    connection.onicecandidate = ({ candidate }) => candidate && signal({ type: "candidate", candidate });
    const on_description = async (data) => {
      const is_polite = me < other;
      const collides = data.type === "offer" && (making_offer || connection.signalingState !== "stable");
      ignoring_offer = collides && !is_polite;
      if (ignoring_offer) return;
      await connection.setRemoteDescription(data);
      if (data.type !== "offer") return;
      await connection.setLocalDescription();
      signal({ type: "answer", sdp: connection.localDescription.sdp });
    };
    const on_signal = async ({ data, from }) => {
      other = from.client;
      if (data.type !== "candidate") return on_description(data);
      await connection.addIceCandidate(data.candidate).catch((error) => {
        if (!ignoring_offer) throw error;
      });
    };
    // Whoever hears of the other one offers; both may.
    const on_presence = ({ event, client }) => {
      if (event !== "join" || client === me) return;
      other = client;
      return offer();
    };
    let last = Promise.resolve();
    socket.onopen = () => tell({ type: "connect", id: 1 });
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(data);
      if (frame.type === "welcome") {
        me = frame.client;
        tell({ type: "subscribe", id: 2, channel });
      }
      if (frame.type === "presence") last = last.then(() => on_presence(frame));
      if (frame.type === "signal") last = last.then(() => on_signal(frame));
    };
  }
`;

/** What the picture of the video shows. @typedef {{ frames: number, brightness: number, colours: number }} Picture */

export class CallPage {
  /** @param {import("playwright-core").Page} page */
  constructor(page) {
    this.page = page;
  }

  /**
   * A document of the server's origin with `#remoteVideo`, and `config` from its API.
   * @param {import("node:test").TestContext} context @param {string} server_url
   * @param {{ transport?: "udp" | "tcp" }} [options] which of the relay's ways are used alone
   */
  static async open(context, server_url, { transport } = {}) {
    const page = await open_page(context, { has_media: true });
    await page.goto(`${server_url}/healthz`);
    await page.addScriptTag({ content: signalling });
    await page.evaluate(async (only) => {
      document.body.innerHTML = '<video id="remoteVideo" autoplay muted playsinline></video>';
      const config = await (await fetch("/api/rtc/config")).json();
      for (const server of only ? config.iceServers : []) {
        server.urls = server.urls.filter((/** @type {string} */ url) => url.endsWith(`transport=${only}`));
      }
      config.iceServers = config.iceServers.filter((/** @type {any} */ server) => server.urls.length > 0);
      Object.assign(window, { config });
    }, transport);
    return new CallPage(page);
  }

  /** Runs a program in the page as a module, and its connection into the call. @param {string} program */
  async run(program) {
    const content = `${program}\nwindow.peerConnection = peerConnection;\nenter_call(peerConnection, "call:x");`;
    await this.page.addScriptTag({ content, type: "module" });
  }

  /** The counts of the connection's video, and what the picture is like. @returns {Promise<Picture>} */
  picture() {
    return this.page.evaluate(async () => {
      const connection = /** @type {RTCPeerConnection | undefined} */ (/** @type {any} */ (window).peerConnection);
      const reports = connection ? [...(await connection.getStats()).values()] : [];
      const video = reports.find(({ type, kind }) => type === "inbound-rtp" && kind === "video");
      const element = /** @type {HTMLVideoElement} */ (document.getElementById("remoteVideo"));
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 32;
      const pen = /** @type {any} */ (canvas.getContext("2d"));
      pen.drawImage(element, 0, 0, 32, 32);
      const pixels = [...pen.getImageData(0, 0, 32, 32).data].filter((_, index) => index % 4 !== 3);
      return {
        frames: video?.framesDecoded ?? 0,
        brightness: pixels.reduce((sum, value) => sum + value, 0) / pixels.length,
        colours: new Set(pixels).size,
      };
    });
  }

  /** Waits until it sees the other one. */
  async sees() {
    /** @type {Picture | undefined} */
    let last;
    return until(async () => {
      last = await this.picture();
      return last.frames > 10 && last.brightness > 10 && last.colours > 4;
    }, { what: () => `a moving picture; there is ${JSON.stringify(last)}` });
  }

  /** The kinds of both ends of the path in use, and by what the relay was reached. */
  path() {
    return this.page.evaluate(async () => {
      const connection = /** @type {RTCPeerConnection} */ (/** @type {any} */ (window).peerConnection);
      const reports = await connection.getStats();
      const transport = [...reports.values()].find(({ type }) => type === "transport");
      const pair = reports.get(transport.selectedCandidatePairId);
      const [local, remote] = [reports.get(pair.localCandidateId), reports.get(pair.remoteCandidateId)];
      return [local.candidateType, remote.candidateType, local.relayProtocol];
    });
  }
}
