// One reader of one channel, whatever carries it. It does not reconnect: a test decides when, from
// which position and over which transport the next one continues.

/**
 * @typedef {object} Message
 * @property {string} channel
 * @property {number} offset
 * @property {string} epoch
 * @property {number} timestamp
 * @property {any} data
 *
 * @typedef {object} ClientOptions
 * @property {string} url           the server's, or a proxy's
 * @property {string} channel
 * @property {string} [after]       a position; without it the reader starts from now
 * @property {string} [socket_path] a Unix socket instead of the URL's host
 * @property {string} [token]       in the query
 *
 * @typedef {object} Client
 * @property {Message[]} messages               in the order of arrival
 * @property {string | undefined} position      where the next reader continues
 * @property {string[]} gaps                    the position told with each gap
 * @property {Promise<void>} ready              the subscription stands (rejects when it never will)
 * @property {Promise<string>} ended            why it ended
 * @property {() => Promise<void>} close        as a polite client
 * @property {(token: string) => void} [show]   a new token, where one connection may have several
 * @property {() => void} cut                   as one whose network is gone; nothing is received after
 */

/** What every client keeps, with the callbacks that its transport calls. */
export class Reception {
  /** @type {Message[]} */
  messages = [];
  /** @type {string[]} */
  gaps = [];
  /** @type {string | undefined} */
  position;
  /** @type {Promise<void>} */
  ready;
  /** @type {Promise<string>} */
  ended;
  over = false;
  #end = /** @param {string} _reason */ (_reason) => {};
  #be_ready = () => {};
  #fail = /** @param {Error} _error */ (_error) => {};

  /** @param {string | undefined} position */
  constructor(position) {
    this.position = position;
    this.ended = new Promise((resolve) => (this.#end = resolve));
    this.ready = new Promise((resolve, reject) => {
      this.#be_ready = resolve;
      this.#fail = reject;
    });
    this.ready.catch(() => {});
  }

  /** @param {Message} message @param {string} position */
  receive(message, position) {
    if (this.over) return;
    this.messages.push(message);
    this.position = position;
  }

  /** @param {string | undefined} position */
  subscribed(position) {
    if (this.over) return;
    this.position = position ?? this.position;
    this.#be_ready();
  }

  /** @param {string} position */
  gap(position) {
    if (this.over) return;
    this.gaps.push(position);
    this.position = position;
  }

  /** Nothing is received from here on. @param {string} reason */
  end(reason) {
    this.over = true;
    this.#fail(new Error(`the reader ended before it was ready: ${reason}`));
    this.#end(reason);
  }
}
