// One request names at most 100 channels: what is to be heard is divided, in an order that stays.
import type { Feed } from "./transport.ts";

export const mostChannels = 100;

export function divide(feeds: readonly Feed[]): Feed[][] {
  const groups: Feed[][] = [];
  for (let at = 0; at < feeds.length; at += mostChannels) groups.push(feeds.slice(at, at + mostChannels));
  return groups;
}

export function namesOf(feeds: readonly Feed[]): string[] {
  return feeds.map((feed) => feed.channel);
}
