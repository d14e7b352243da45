// The way up: one POST, and a sentence about what became of it.
import { endpoint } from "../transports/endpoint.ts";

export interface Outcome {
  accepted: boolean;
  text: string;
}

export function message_from_form(form: HTMLFormElement): string {
  return String(new FormData(form).get("text") ?? "").trim();
}

export async function publish(channel: string, data: unknown): Promise<Outcome> {
  try {
    const response = await fetch(endpoint("api/messages"), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ channel, data }),
    });
    const answer = await response.json();
    if (response.ok) return { accepted: true, text: `Published as number ${answer.offset}` };
    const reason = answer.detail ?? answer.title ?? response.statusText;
    return { accepted: false, text: `Not published: ${reason}` };
  } catch {
    return { accepted: false, text: "Not published: the server does not answer" };
  }
}
