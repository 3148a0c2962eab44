/** A server that never heard of us: the two commands of README, and the next login of one user is recorded and replayed. */
import { Account } from "../../test/system/account.ts";
import { bootGuest } from "../../test/system/guest.ts";
import { copyPackages } from "../../test/system/product.ts";
import type { Figure } from "./figure.ts";

export async function measureInstallation(): Promise<Figure[]> {
  const guest = await bootGuest();
  try {
    copyPackages(guest);
    await guest.run(`useradd -m -s /bin/bash alice; install -d -m 700 .ssh; ssh-keygen -q -t ed25519 -N '' -f .ssh/id_ed25519
      install -d -o alice -m 700 /home/alice/.ssh; install -o alice .ssh/id_ed25519.pub /home/alice/.ssh/authorized_keys`);
    const commands = ["apt-get install -y ./*.deb", "recctl enable --user alice"];
    const start = performance.now();
    for (const command of commands) await guest.run(command);
    const seconds = (performance.now() - start) / 1000;
    const alice = new Account(guest, "alice");
    await alice.ssh("echo mark-$((40+2))", { options: ["-o", "StrictHostKeyChecking=no"] });
    const isReplayed = (await alice.played()).stdout.toString() === "mark-42\n";
    return [
      {
        what: "from package files to a recorded ssh session replayed",
        recorded: `${commands.length} commands, ${seconds.toFixed(1)} s${isReplayed ? "" : ", NOT replayed"}`,
        goal: "2 commands",
        isMet: isReplayed,
      },
    ];
  } finally {
    await guest.stop();
  }
}
