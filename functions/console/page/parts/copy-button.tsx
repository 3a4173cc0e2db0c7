import { useState } from 'preact/hooks';
import { useApp } from '../app-context.ts';
import { Button } from './button.tsx';

interface Props {
  /** What is copied. */
  readonly text: string;
  /** The text of the button. */
  readonly children: string;
  readonly label?: string;
}

export function CopyButton({ text, children, label }: Props) {
  const { announce } = useApp();
  const [isCopied, setCopied] = useState(false);
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      announce('Copied.');
      setTimeout(() => setCopied(false), 2000);
    } catch {
      announce('The browser does not allow the page to copy. Select the text instead.');
    }
  }
  return (
    <Button kind="quiet" onPress={() => void copy()} {...(label !== undefined && { label })}>
      {isCopied ? 'Copied' : children}
    </Button>
  );
}
