// What the visitor turns.
export interface Settings {
  messages_per_s: number;
  size_bytes: number;
  poll_interval_ms: number;
  delay_ms: number;
  websocket_blocked: boolean;
}

export const first_settings: Settings = {
  messages_per_s: 5,
  size_bytes: 64,
  poll_interval_ms: 1000,
  delay_ms: 0,
  websocket_blocked: false,
};
