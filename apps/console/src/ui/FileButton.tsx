import { useRef } from 'react';
import { ReasonButton } from './ReasonButton.tsx';

interface Props {
  readonly children: string;
  readonly accept?: string;
  readonly busy?: boolean;
  readonly disabledReason?: string | undefined;
  readonly onFile: (name: string, text: string) => void;
}

/** A button that asks for a file and gives its text. */
export function FileButton({ children, accept, busy = false, disabledReason, onFile }: Props) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={children}
        accept={accept}
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          // The same file may be chosen again after it was mended.
          event.target.value = '';
          void file?.text().then((text) => onFile(file.name, text));
        }}
      />
      <ReasonButton
        variant="secondary"
        isLoading={busy}
        disabledReason={disabledReason}
        onClick={() => busy || input.current?.click()}
      >
        {children}
      </ReasonButton>
    </>
  );
}
