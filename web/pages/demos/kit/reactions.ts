// What one can say of a message or a post without words.
export const reactions = ["love", "bravo", "laugh", "bell"] as const;
export type Reaction = (typeof reactions)[number];

export function isReaction(word: unknown): word is Reaction {
  return reactions.includes(word as Reaction);
}
