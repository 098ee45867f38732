/** Hands a file to the browser without a round trip. */
export function download(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The click has started the download; the next turn is late enough.
  setTimeout(() => URL.revokeObjectURL(link.href), 0);
}
