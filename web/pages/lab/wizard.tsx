// "Which one would I take?": chooseTransport of the client library, asked by check boxes.
import { chooseTransport, type Requirements, type Technology } from "@carillon/client";
import { useState } from "preact/hooks";

const questions: [keyof Requirements, string, string][] = [
  ["serverToClient", "The server sends", "news, prices, what others do"],
  ["clientToServer", "Clients send", "and expect it to be quick"],
  ["highFrequency", "Many updates a second", "in both directions"],
  ["gaming", "It is a game", "every millisecond counts"],
  ["simple", "It is simple", "notifications or a feed of text"],
  ["binary", "Binary data", "not just text"],
  ["infrequent", "Now and then", "a message every few minutes"],
  ["peerToPeer", "From client to client", "without the server in between"],
  ["videoStreaming", "Video or audio", "live"],
];

const answers: Record<Technology, { why: string; card?: string }> = {
  WebRTC: { why: "Media and data go straight from one client to the other, over UDP: nothing waits for a packet that was lost." },
  WebSocket: { why: "One open line both ways, a few octets of framing for each message, binary data as it is.", card: "websocket" },
  "Socket.io": { why: "Both directions, with a WebSocket that falls back where it is not let through; @carillon/client does the same.", card: "socketio" },
  SSE: { why: "From the server alone, as plain HTTP: the browser reconnects and resumes by itself.", card: "sse" },
  "Long Polling": { why: "For so few messages a request that waits is enough, and it passes everywhere.", card: "longpolling" },
};

export function Wizard() {
  const [needs, set_needs] = useState<Requirements>({ serverToClient: true, simple: true });
  const answer = chooseTransport(needs);
  const { why, card } = answers[answer];
  const given = questions.filter(([name]) => needs[name]).map(([name]) => `${name}: true`);
  return (
    <section class="wizard card" aria-labelledby="wizard-title">
      <div>
        <h2 id="wizard-title">Which one would you take?</h2>
        <p class="soft">Say what your application needs.</p>
        <ul class="questions">
          {questions.map(([name, title, detail]) => (
            <li key={name}>
              <label>
                <input
                  type="checkbox"
                  checked={needs[name] === true}
                  onChange={(event) => set_needs({ ...needs, [name]: event.currentTarget.checked })}
                />
                <span>{title}<small>{detail}</small></span>
              </label>
            </li>
          ))}
        </ul>
      </div>
      <div class="answer">
        <div aria-live="polite">
          <p class="soft">Take</p>
          <p class="chosen">{answer}</p>
          <p>{why}</p>
        </div>
        {card && <p><a href={`#${card}`}>See its figures</a></p>}
        <pre tabIndex={0} aria-label="The same in code"><code>{`chooseTransport({ ${given.join(", ")} })`}</code></pre>
      </div>
    </section>
  );
}
