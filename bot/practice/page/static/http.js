// Asking the server. What goes wrong is an Error whose message is a sentence for people.

export async function read(address) {
  return answered(await sent(address));
}

export async function post(address, body) {
  const options = {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  return answered(await sent(address, options));
}

async function sent(address, options) {
  try {
    return await fetch(address, options);
  } catch {
    throw new Error("The practice page is not answering. Nothing may have been done; please try again.");
  }
}

async function answered(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error ?? `The practice page answered with ${response.status}.`);
  return body;
}
