/** Shell commands for root in a mount namespace: /dev is a new one, made in the folder, in which no syslog daemon listens. */
export function ownDev(folder: string): string {
  const dev = `${folder}/dev`;
  const nodes = "null zero full tty random urandom";
  return [
    `mkdir -p ${dev}; mount -t tmpfs tmpfs ${dev}; mkdir ${dev}/pts ${dev}/shm`,
    `for n in ${nodes}; do touch ${dev}/$n; mount --bind /dev/$n ${dev}/$n; done`,
    `ln -s pts/ptmx ${dev}/ptmx; mount --rbind /dev/pts ${dev}/pts; mount --rbind ${dev} /dev`,
  ].join("; ");
}
