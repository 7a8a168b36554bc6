// Between the browser and the server: lets everything through and remembers what came, and when.
import { createServer, request as send } from "node:http";

/**
 * Starts a relay.
 * @param {string} target origin to which everything goes
 */
export async function openRelay(target) {
  /** @type {{at: number, method: string, path: string, bytes: number, status: number}[]} */
  const passed = [];
  const server = createServer((request, response) => {
    const entry = { at: Date.now(), method: request.method, path: request.url, bytes: 0, status: 0 };
    passed.push(entry);
    request.on("data", (chunk) => (entry.bytes += chunk.length));
    const { host, ...headers } = request.headers;
    const onward = send(new URL(request.url, target), { method: request.method, headers }, (answer) => {
      entry.status = answer.statusCode;
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  const port = await new Promise((done) => server.listen(0, "127.0.0.1", () => done(server.address().port)));
  return {
    // Another host than the page's: the usual case.
    origin: `http://localhost:${port}`,
    /** Beacons, oldest first: all that is not the agent's file. */
    beacons: () => passed.filter((one) => !one.path.startsWith("/tag/")),
    close: () => server.close() && server.closeAllConnections(),
  };
}
