/** The addon's functions, typed. Each returns a number >= 0, or -errno; native/ documents each at its definition. */

import { join } from "node:path";

/** A process to start; blocks are NUL-ended strings one after the other. */
type Start = [
  paths: Uint8Array,
  args: Uint8Array,
  environment: Uint8Array,
  stdio: Int32Array,
  inherit: Int32Array,
  limits: BigUint64Array,
  ids: Int32Array,
];

export interface Native {
  openPty(ends: Int32Array): number;
  isTerminal(fd: number): number;
  terminalName(fd: number, name: Uint8Array): number;
  reopenTerminal(fd: number): number;
  copyModes(from: number, to: number): number;
  enterRaw(fd: number): number;
  leaveRaw(): number;
  windowSize(fd: number, size: Int32Array): number;
  copyWindowSize(from: number, to: number): number;
  foregroundGroup(master: number): number;
  isForeground(fd: number): number;
  setExclusive(fd: number, isOn: 0 | 1): number;
  spawn(...start: [...Start, terminal: number, diesWithParent: 0 | 1]): number;
  become(...start: Start): number;
  poll(descriptors: Int32Array, count: number, timeoutMs: number): number;
  read(fd: number, bytes: Uint8Array, from: number, length: number): number;
  write(fd: number, bytes: Uint8Array, from: number, length: number): number;
  send(fd: number, bytes: Uint8Array, from: number, length: number): number;
  splice(from: number, to: number, length: number): number;
  pass(others: Int32Array, count: number, passage: Int32Array, room: Uint8Array, told: Uint8Array): number;
  pipe(ends: Int32Array): number;
  setNonblocking(fd: number): number;
  closeDescriptor(fd: number): number;
  stub(fd: number): number;
  kindOf(fd: number): number;
  pendingBytes(fd: number): number;
  isWritable(fd: number): number;
  isSame(one: number, other: number): number;
  copyText(bytes: Uint8Array, from: number, end: number, txt: Uint8Array, budget: Int32Array): number;
  watchSignals(ignored: BigUint64Array): number;
  endBy(signal: number): never;
  stopSelf(): number;
  sendSignal(pid: number, signal: number): number;
  exitNow(status: number): never;
  setName(name: Uint8Array): number;
  hide(): number;
  freeLockTable(): number;
  look(pid: number, most: number, bytes: Uint8Array): number;
  readEnds(folder: Uint8Array, names: Uint8Array, told: Uint8Array): number;
  loopDescriptor(): number;
  wait(pid: number, result: Int32Array): number;
  adoptOrphans(): number;
  reapOthers(pid: number): number;
  mappedAs(path: Uint8Array, place: Uint8Array): number;
  datagramSocket(): number;
  sendDatagram(fd: number, path: Uint8Array, bytes: Uint8Array, mayBeSealed: number): number;
  deliver(
    fd: number,
    path: Uint8Array,
    bytes: Uint8Array,
    mayBeSealed: number,
    callback: (result: number) => void,
  ): number;
}

/** Where the built parts are: the folder of the bundle, which esbuild puts here, or build/ from the sources' point of view. */
const isBundle = !import.meta.dirname.endsWith("/src/terminal");
const built = isBundle ? import.meta.dirname : join(import.meta.dirname, "../../build");

/** What runs as bin/rec, bin/rec-session and so on. */
export const launcherPath = join(built, "launcher");

/** Tells of processes that have closed themselves. */
export const witnessPath = join(built, "witness");

export const addonPath = join(built, "addon.node");

/** process.dlopen instead of require: one file, no module lookup. */
function load(): Native {
  const module = { exports: {} };
  process.dlopen(module, addonPath);
  return module.exports as Native;
}

export const native: Native = load();
