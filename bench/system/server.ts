/** The server of the system test, with our files where a real host has them. */
import { bootServer, type Server } from "../../test/system/server.ts";

/**
 * Not on the overlay that the guest boots from: there the file that a process maps has another inode than the one that it finds by name,
 * and V8 then copies its built-in code (2 MB a process) instead of mapping it.
 */
export async function bootMeasuredServer(): Promise<Server> {
  const server = await bootServer();
  // /run is nosuid, and the witness of transfers is not.
  await server.guest.run(`mkdir /run/installed && mount -t tmpfs -o mode=755 installed /run/installed
    cp -a /usr/lib/rec-session/. /run/installed && mount --bind /run/installed /usr/lib/rec-session`);
  return server;
}
