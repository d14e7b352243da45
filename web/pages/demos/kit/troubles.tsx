// What failed in a call, and what to try.
import type { RoomCall } from "./call.ts";

export function Troubles({ troubles, forget_troubles }: Pick<RoomCall, "troubles" | "forget_troubles">) {
  if (troubles.length === 0) return null;
  return (
    <div class="notice failed troubles" role="alert">
      <ul>{troubles.map(({ message, hint }) => <li key={message}><strong>{sentence(message)}</strong> {hint}</li>)}</ul>
      <button type="button" class="small" onClick={forget_troubles}>Dismiss</button>
    </div>
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
