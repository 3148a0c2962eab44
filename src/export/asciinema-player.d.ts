/** Files of the player that the build puts into the page as they are. */
declare module "asciinema-player/dist/bundle/asciinema-player.css" {
  const text: string;
  export default text;
}

declare module "asciinema-player/dist/bundle/asciinema-player.min.js" {
  const text: string;
  export default text;
}
