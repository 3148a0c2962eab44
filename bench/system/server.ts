/** The server of the system test, with our files where a real host has them. */
import { bootServer, type Server } from "../../test/system/server.ts";

/**
 * Not on the overlay that the guest boots from: there the file that a process maps has another inode than the one that it finds by name,
 * and V8 then copies its built-in code (2 MB a process) instead of mapping it.
 */
export async function bootMeasuredServer(): Promise<Server> {
  const server = await bootServer();
  await server.guest.run(
    "cp -a /usr/lib/rec-session /run/installed && mount --bind /run/installed /usr/lib/rec-session",
  );
  return server;
}
