/** A Debian server with our product, where everyone who logs in is recorded; the cases of one file share it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { Account } from "./account.ts";
import { bootGuest, type Guest, guestMissing } from "./guest.ts";
import { enableRecording, installProduct, unrecorded } from "./product.ts";

/** Fifty at once are a case; nobody leaves the guest. */
const sshd = "MaxStartups 200\nMaxSessions 200\nAcceptEnv *\nPermitUserEnvironment yes\nUseDNS no\n";
const ssh = "Host *\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n  LogLevel ERROR\n";

export class Server {
  readonly guest: Guest;
  #accounts = 0;

  constructor(guest: Guest) {
    this.guest = guest;
  }

  /** A new user, whom nobody has recorded yet, and who may log in with root's key or the password "secret". */
  async account(shell = "/bin/bash"): Promise<Account> {
    return await this.#add(`user${++this.#accounts}`, shell);
  }

  /** The one user who is not recorded. */
  async unrecorded(): Promise<Account> {
    return await this.#add(unrecorded, "/bin/bash");
  }

  async #add(name: string, shell: string): Promise<Account> {
    await this.guest.run(
      `id -u ${name} >/dev/null 2>&1 || {
        useradd --create-home --shell ${shell} ${name}
        echo ${name}:secret | chpasswd
        install -d -o ${name} -m 700 /home/${name}/.ssh
        install -o ${name} -m 600 /root/.ssh/id_ed25519.pub /home/${name}/.ssh/authorized_keys
      }`,
    );
    return new Account(this.guest, name);
  }
}

/** Whose logins are recorded when it has booted: everyone's but that of one user, or nobody's. */
type Recording = "recorded" | "unrecorded";

export async function bootServer(recording: Recording = "recorded"): Promise<Server> {
  const guest = await bootGuest();
  try {
    await installProduct(guest);
    await guest.run("install -d -m 700 .ssh; ssh-keygen -q -t ed25519 -N '' -f .ssh/id_ed25519");
    writeFileSync(guest.path("/root/.ssh/config"), ssh);
    mkdirSync(guest.path("/etc/ssh/sshd_config.d"), { recursive: true });
    writeFileSync(guest.path("/etc/ssh/sshd_config.d/test.conf"), sshd);
    await guest.run("systemctl restart ssh");
    const server = new Server(guest);
    if (recording === "unrecorded") return server;
    await server.unrecorded();
    await enableRecording(guest);
    return server;
  } catch (error) {
    await guest.stop();
    throw error;
  }
}

/** Boots it before the cases of the file, which are skipped where nothing boots. */
export function serverOfFile(recording: Recording = "recorded"): () => Server {
  let server: Server | undefined;
  beforeAll(async () => {
    if (guestMissing === undefined) server = await bootServer(recording);
  }, 300_000);
  beforeEach((context) => {
    if (guestMissing !== undefined) context.skip(guestMissing);
  });
  afterAll(async () => await server?.guest.stop());
  return () => server as Server;
}
