// Reactions as small pictures of our own: a machine may have no font with emoji.
import type { Reaction } from "./reactions.ts";

const paths: Record<Reaction, string> = {
  love: "M12 20.5S3.5 15.2 3.5 9.4A4.6 4.6 0 0 1 12 6.9a4.6 4.6 0 0 1 8.5 2.5c0 5.8-8.5 11.1-8.5 11.1z",
  bravo: "M7 10.5v9.5H3.5v-9.5zM7 18.5V11l4.2-7.5c1.7 0 2.5 1.1 2.2 2.7L12.8 9.5h5.4a2 2 0 0 1 2 2.4l-1.3 6.2a2.4 2.4 0 0 1-2.4 1.9H10z",
  laugh: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM7.5 13.5h9a4.5 4.5 0 0 1-9 0zM8 9.5h1.5M14.5 9.5H16",
  bell: "M6 16.5V11a6 6 0 0 1 12 0v5.5l2 2H4zM10 21h4",
};

export function Picture({ of }: { of: Reaction }) {
  return <svg class={`reaction-picture ${of}`} width="18" height="18" viewBox="0 0 24 24" aria-hidden="true"><path d={paths[of]} /></svg>;
}
