// Asks and waits for the answer; a cookie of the server's keeps the position.
async function wait_for_messages() {
  for (;;) {
    try {
      const response = await fetch("/api/messages/subscribe?timeout=20");
      displayMessages(await response.json());
    } catch {
      await sleep(500);
    }
  }
}

void wait_for_messages();
