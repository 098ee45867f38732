const KEPT_MS = 60_000;

/** Hands a file to the browser without a round trip. */
export function download(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // A busy browser fetches the file well after the click; an address that is gone by then is a download that never comes.
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}
