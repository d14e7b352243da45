// Asks again and again, each time from where the last answer ended.
let from_position = "";

async function poll() {
  try {
    const response = await fetch(`/api/messages?channel=default${from_position}`);
    from_position = `&after=${response.headers.get("Carillon-Position")}`;
    displayMessages(await response.json());
  } finally {
    setTimeout(poll, 200);
  }
}

void poll();
