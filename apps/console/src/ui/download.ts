const KEPT_MS = 60_000;

/** Has the browser fetch a file that the platform writes. */
export function downloadFrom(href: string, name: string): void {
  const link = document.createElement('a');
  link.href = href;
  link.download = name;
  link.click();
}

/** Hands a file to the browser without a round trip. */
export function download(name: string, content: Blob): void {
  const href = URL.createObjectURL(content);
  downloadFrom(href, name);
  // A busy browser fetches the file well after the click; an address that is gone by then is a download that never comes.
  setTimeout(() => URL.revokeObjectURL(href), KEPT_MS);
}
