// Listens; the browser reconnects and tells the server where it stopped.
const events = new EventSource("/api/events?channel=default");
events.addEventListener("message", (event) => displayMessage(JSON.parse(event.data)));
