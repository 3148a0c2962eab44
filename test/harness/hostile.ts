/** Sequences that published attacks on terminals are made of, and what of a player's output may reach a terminal at all. */

const esc = "\u001b";
const st = `${esc}\\`;
const text = (name: string, sequence: string): readonly [string, Uint8Array] => [name, Buffer.from(sequence)];
const bytes = (name: string, ...values: number[]): readonly [string, Uint8Array] => [name, Uint8Array.from(values)];

/** Each with what it would do: https://invisible-island.net/xterm/ctlseqs/ctlseqs.html and the manuals of the terminals named. */
export const hostile: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  text("OSC 0: title", `${esc}]0;owned\u0007`),
  text("OSC 1: icon", `${esc}]1;owned${st}`),
  text("OSC 2: title", `${esc}]2;owned${st}`),
  text("OSC 3: X property", `${esc}]3;WM_CLASS=owned${st}`),
  text("OSC 4: palette, set and asked", `${esc}]4;1;#000000;2;?${st}`),
  text("OSC 5: special colour", `${esc}]5;0;?${st}`),
  text("OSC 7: folder", `${esc}]7;file://host/etc${st}`),
  text("OSC 8: link", `${esc}]8;id=1;http://evil.example/${st}click${esc}]8;;${st}`),
  text("OSC 9: notification", `${esc}]9;owned${st}`),
  text("OSC 9;4: progress", `${esc}]9;4;1;50${st}`),
  text("OSC 10: foreground asked", `${esc}]10;?${st}`),
  text("OSC 11: background asked", `${esc}]11;?\u0007`),
  text("OSC 12: cursor colour", `${esc}]12;red${st}`),
  text("OSC 50: font", `${esc}]50;?${st}`),
  text("OSC 52: clipboard, set and asked", `${esc}]52;c;cm0gLXJmIH4K${st}${esc}]52;c;?${st}`),
  text("OSC 60, 61: features asked", `${esc}]60${st}${esc}]61${st}`),
  text("OSC 104, 110, 111, 112: colours reset", `${esc}]104${st}${esc}]110${st}${esc}]111${st}${esc}]112${st}`),
  text("OSC 133: prompt", `${esc}]133;A${st}${esc}]133;D;1${st}`),
  text("OSC 176, 440, 555, 666", `${esc}]176;x${st}${esc}]440;x${st}${esc}]555;x${st}${esc}]666;x=y${st}`),
  text("OSC 633: shell of an editor", `${esc}]633;E;rm -rf ~${st}`),
  text("OSC 777: notification, and what it did in rxvt", `${esc}]777;notify;owned;owned${st}${esc}]777;reset;${st}`),
  text(
    "OSC 1337: file, clipboard, what iTerm2 does",
    `${esc}]1337;File=inline=1:AAAA\u0007${esc}]1337;CopyToClipboard=\u0007`,
  ),
  text("OSC 5522, 9001, 30001", `${esc}]5522;type=read;?${st}${esc}]9001;CmdNotFound;x${st}${esc}]30001${st}`),
  text("OSC l, L, I: titles as dtterm", `${esc}]lowned${st}${esc}]Lowned${st}${esc}]I/etc/passwd${st}`),
  text("OSC without an end", `${esc}]52;c;AAAA`),
  text("DCS sixel", `${esc}Pq#0;2;0;0;0#0~~@@vv${st}`),
  text("DCS ReGIS", `${esc}PpS(E)${st}`),
  text("DCS DECRQSS", `${esc}P$qm${st}${esc}P$q"p${st}`),
  text("DCS XTGETTCAP, XTSETTCAP", `${esc}P+q544e${st}${esc}P+p544e${st}`),
  text("DCS DECUDK: keys get meanings", `${esc}P0;1|17/726d202d7266207e0d${st}`),
  text("DCS DECDLD: a font", `${esc}P1;1;1;4;0;0{ @????${st}`),
  text("DCS of tmux: passed on", `${esc}Ptmux;${esc}${esc}]52;c;AAAA\u0007${st}`),
  text("DCS of screen: passed on", `${esc}P${esc}]2;owned\u0007${st}`),
  text("DCS synchronised update", `${esc}P=1s${st}${esc}P=2s${st}`),
  text("DCS without an end", `${esc}P+q544e`),
  text("APC: kitty's pictures, read from a file", `${esc}_Gf=100,t=f;L2V0Yy9wYXNzd2Q=${st}`),
  text("APC: title of screen", `${esc}_owned${st}`),
  text("PM", `${esc}^owned${st}`),
  text("SOS", `${esc}Xowned${st}`),
  text("ESC k: title of screen", `${esc}kowned${st}`),
  text("DA1, DA2, DA3", `${esc}[c${esc}[>c${esc}[=c${esc}Z`),
  text("DSR, CPR, and their private forms", `${esc}[5n${esc}[6n${esc}[?6n${esc}[?15n${esc}[?26n${esc}[?996n`),
  text("DECRQM", `${esc}[?2026$p${esc}[4$p`),
  text("XTVERSION", `${esc}[>q`),
  text("DECREQTPARM", `${esc}[x${esc}[1x`),
  text("DECRQPSR, DECRQCRA, DECRQUPSS", `${esc}[1$w${esc}[1;1;1;1;24;80*y${esc}[&u`),
  text("window: moved, resized, iconified", `${esc}[1t${esc}[2t${esc}[3;0;0t${esc}[4;1;1t${esc}[8;1;1t${esc}[9;1t`),
  text("window: asked, also for its title", `${esc}[11t${esc}[13t${esc}[14t${esc}[18t${esc}[19t${esc}[20t${esc}[21t`),
  text("window: titles on the stack", `${esc}[22;0t${esc}[23;0t`),
  text("XTMODKEYS, XTQMODKEYS", `${esc}[>4;2m${esc}[?4m`),
  text("kitty's keyboard", `${esc}[>31u${esc}[?u${esc}[=31u${esc}[<u`),
  text(
    "mouse",
    `${esc}[?9h${esc}[?1000h${esc}[?1001h${esc}[?1002h${esc}[?1003h${esc}[?1005h${esc}[?1006h${esc}[?1015h${esc}[?1016h`,
  ),
  text("focus, bracketed paste, alternate scroll", `${esc}[?1004h${esc}[?2004h${esc}[?1007h`),
  text("alternate screens", `${esc}[?47h${esc}[?1047h${esc}[?1048h${esc}[?1049h`),
  text("application keys, keypad", `${esc}[?1h${esc}=${esc}[?66h`),
  text("132 columns, reverse video, origin, no wrapping", `${esc}[?3h${esc}[?5h${esc}[?6h${esc}[?7l`),
  text("insert, line feed, keyboard locked, local echo", `${esc}[4h${esc}[20h${esc}[2h${esc}[12l`),
  text("in-band resize, colour scheme, grapheme clusters", `${esc}[?2048h${esc}[?2031h${esc}[?2027h`),
  text("media copy: the screen is printed", `${esc}[i${esc}[5i${esc}[?5i${esc}[4i`),
  text("LEDs, bell volume, cursor style", `${esc}[1q${esc}[8 t${esc}[5 q`),
  text("protection, areas", `${esc}[1"q${esc}[1;1;24;80;65$x${esc}[1;1;24;80$z${esc}[1;1;24;80;1;1;1;1$v`),
  text("scroll margins, left and right", `${esc}[2;3r${esc}[?69h${esc}[5;6s`),
  text("tabs, repeated characters", `${esc}[3g${esc}[9999b${esc}H`),
  text("character sets", `${esc}(0${esc})A${esc}%G${esc}%@${esc}n${esc}o\u000e`),
  text("double size, alignment, full reset, soft reset", `${esc}#3${esc}#6${esc}#8${esc}c${esc}[!p`),
  text("VT52 mode", `${esc}[?2l${esc}Z`),
  text("Tektronix", `${esc}[?38h\u001c\u001d\u001e`),
  text("8-bit answers", `${esc} G${esc} F`),
  text("ENQ, bells", "\u0005\u0007\u0007\u0007"),
  text("C0", Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join("")),
  text("C1 in UTF-8", Array.from({ length: 32 }, (_, code) => String.fromCharCode(0x80 + code)).join("x")),
  text("CSI and OSC of C1 in UTF-8", "\u009b6n\u009d52;c;AAAA\u009c\u0090$qm\u009c\u009fGa=q\u009c"),
  bytes("C1 as bytes", ...Array.from({ length: 32 }, (_, code) => 0x80 + code)),
  bytes("OSC of C1 as bytes", 0x9d, 0x30, 0x3b, 0x78, 0x9c, 0x9b, 0x36, 0x6e),
  bytes("no UTF-8", 0xff, 0xfe, 0xc0, 0x9b, 0xe0, 0x80, 0x9b, 0xf8, 0x88, 0xed, 0xa0, 0x80, 0xf4, 0x90, 0x80, 0x80),
  bytes("half a character and an escape", 0xe2, 0x82, 0x1b, 0x5b, 0x36, 0x6e),
  text("bidi", "\u202eowned\u202c \u2066a\u2067b\u2068c\u2069 \u061c\u200e\u200f\u202a\u202b\u202d"),
  text("invisible, joining, tags", "a\u200bb\u200c\u200d\u2060\u2061\ufeff\u00ad\u180e\u{e0001}\u{e0041}\u{e007f}"),
  text("separators", "a\u2028b\u2029c\u0085d"),
  text("marks without end", `a${"\u0301\u0336\u20dd".repeat(500)}`),
  text("variation selectors", "\u2764\ufe0f\u2764\ufe0e\u{e0100}"),
  text("interlinear, object, replacement", "\ufff9\ufffa\ufffb\ufffc\ufffd\uffff\ufdd0"),
  text("a sequence cut off by another", `${esc}[1;${esc}]52;c;AAAA${esc}[6n\u0007`),
  text("a sequence with controls inside", `${esc}[1\u0007;\u0008${esc}[6\u000an`),
  text("parameters without end", `${esc}[${"1;".repeat(5000)}m${esc}[99999999999999999999C`),
  text("sub-parameters", `${esc}[4:3m${esc}[38:2::1:2:3m${esc}[58:5:1mx${esc}[m`),
];

const allowed = [
  // Screens, wrapping, cursor, where a picture begins and ends.
  /\u001b\[\?(?:1049|7|25|2026)[hl]/,
  /\u001b\[2J/,
  /\u001b\[K/,
  /\u001b\[[1-9]\d{0,3};[1-9]\d{0,3}H/,
  // Bold to overlined, colours.
  /\u001b\[0(?:;(?:[1-57-9]|53|[349][0-7]|10[0-7]|[34]8;5;\d{1,3}|[34]8;2;\d{1,3};\d{1,3};\d{1,3}))*m/,
  /\r\n/,
  // Single characters with a few marks.
  /(?:[\p{L}\p{N}\p{P}\p{S}\p{Zs}\p{Co}](?:(?![\ufe00-\ufe0f\u{e0100}-\u{e01ef}])\p{M}){0,8})+/u,
];
const wholly = new RegExp(`(?:${allowed.map(({ source }) => source).join("|")})`, "uy");

/** The first of the output that is not what a player may say to a terminal; null when there is nothing. */
export function forbidden(output: Uint8Array): string | null {
  let said: string;
  try {
    said = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(output);
  } catch {
    return "not UTF-8";
  }
  for (wholly.lastIndex = 0; wholly.lastIndex < said.length; ) {
    const from = wholly.lastIndex;
    if (!wholly.test(said)) return JSON.stringify(said.slice(from, from + 40));
  }
  return null;
}
