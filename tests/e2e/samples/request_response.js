// Asks once for the latest messages.
async function show_latest() {
  const response = await fetch("/api/messages");
  displayMessages(await response.json());
}

void show_latest();
