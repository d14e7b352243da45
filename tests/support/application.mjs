// An application behind the server, as its authors would write one: it answers questions over HTTP,
// dies, and comes back at the same address.
import { createServer } from "node:http";
import { createServer as create_tls_server } from "node:https";
import { until } from "./wait.mjs";

/**
 * @typedef {object} Question
 * @property {string} path
 * @property {import("node:http").IncomingHttpHeaders} headers
 * @property {any} body      the JSON that came, if any did
 *
 * @typedef {object} Options
 * @property {string} [socket_path]   a Unix socket instead of a port
 * @property {{ cert: string, key: string }} [tls]   it speaks https
 *
 * @typedef {object} Answer
 * @property {number} [status]
 * @property {Record<string, string>} [headers]
 * @property {unknown} [body]   a string is sent as it is, anything else as JSON
 */

/**
 * Starts one and ends it after the test.
 * @param {import("node:test").TestContext} context
 * @param {(question: Question) => Answer | Promise<Answer>} answer
 * @param {Options} [options]
 */
export async function start_application(context, answer, options = {}) {
  const application = new Application(answer, options);
  context.after(() => application.die());
  await application.come_back();
  return application;
}

export class Application {
  /** What was asked so far. @type {Question[]} */
  questions = [];
  /** Connections that came so far. */
  connection_count = 0;
  port = 0;
  /** What is answered from now on. */
  answer;
  #server = createServer();
  /** @type {Set<import("node:net").Socket>} */
  #sockets = new Set();

  #socket_path;
  #tls;

  /** @param {(question: Question) => Answer | Promise<Answer>} answer @param {Options} options */
  constructor(answer, { socket_path, tls } = {}) {
    this.answer = answer;
    this.#socket_path = socket_path;
    this.#tls = tls;
  }

  /** As the server's settings name it. @param {string} path */
  call_url(path) {
    return this.#socket_path === undefined ? `${this.url}${path}` : `unix:${this.#socket_path}:${path}`;
  }

  get url() {
    return `${this.#tls ? "https" : "http"}://127.0.0.1:${this.port}`;
  }

  get open_connections() {
    return this.#sockets.size;
  }

  /** Every connection breaks, and nobody listens any more. */
  async die() {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.cut_connections();
    await closed;
  }

  cut_connections() {
    for (const socket of this.#sockets) socket.destroy();
  }

  async come_back() {
    /** @type {import("node:http").RequestListener} */
    const serve = (request, response) => void this.#serve(request, response);
    this.#server = this.#tls ? create_tls_server(this.#tls, serve) : createServer(serve);
    this.#server.on("connection", (socket) => {
      this.connection_count++;
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    if (this.#socket_path === undefined) this.#server.listen(this.port, "127.0.0.1");
    else this.#server.listen(this.#socket_path);
    await until(() => this.#server.listening, { what: "the application to listen" });
    const address = this.#server.address();
    if (typeof address === "object" && address !== null) this.port = address.port;
  }

  /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
  async #serve(request, response) {
    let text = "";
    for await (const piece of request) text += piece;
    const question = { path: request.url ?? "", headers: request.headers, body: text ? JSON.parse(text) : undefined };
    this.questions.push(question);
    const { status = 200, headers = {}, body = {} } = await this.answer(question);
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  }
}
