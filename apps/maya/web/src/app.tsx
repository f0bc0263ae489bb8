import { useRef, type ReactNode } from 'react';
import { Composer } from './chat/composer.tsx';
import { Conversation } from './chat/conversation.tsx';
import { Suggestions } from './chat/suggestions.tsx';
import { toTranscript } from './chat/transcript.ts';
import type { Turn } from './chat/turn.ts';
import { useChat } from './chat/use-chat.ts';
import { KeyForm } from './keys/key-form.tsx';
import { QuotaOverlay } from './keys/quota-overlay.tsx';
import { OrderOnCounter } from './order/order-on-counter.tsx';
import { PaymentCard } from './payment/payment-card.tsx';
import { Banners } from './session/banners.tsx';
import { ClearButton } from './session/clear-button.tsx';
import { ProblemCard } from './session/problem-card.tsx';
import { useSession } from './session/use-session.ts';
import { TabOverlay } from './tab/tab-overlay.tsx';

export function App(): ReactNode {
  const { page, dispatch, follow, setTip, pay, cancelPayment, stopAnswers, giveKeys, removeKeys, reset } = useSession();
  const chat = useChat(dispatch, follow);
  const field = useRef<HTMLTextAreaElement>(null);
  const { session, problem } = page;
  const entries = toTranscript(page);

  // A button that is gone once it was pressed leaves the keyboard in the field.
  const send = (text: string): void => {
    chat.send(text);
    field.current?.focus();
  };
  const retry = (turn: Turn): void => {
    chat.retry(turn);
    field.current?.focus();
  };
  const dismiss = (turn: Turn): void => {
    dispatch({ type: 'turn-dismissed', id: turn.id });
    field.current?.focus();
  };
  const clear = async (): Promise<void> => {
    if (await reset()) chat.abandon();
    field.current?.focus();
  };

  const enterKey = (): void => dispatch({ type: 'overlay-opened', overlay: 'keys' });
  const closeKeys = (): void => dispatch({ type: 'overlay-closed', overlay: 'keys' });
  const closeQuota = (): void => dispatch({ type: 'overlay-closed', overlay: 'quota' });

  return (
    <div className="page" data-session={session !== null}>
      <header className="page-header">
        <h1>Maya</h1>
        <p>your bartender</p>
        {page.keys && (
          <button type="button" className="button button-quiet" onClick={enterKey}>
            Keys
          </button>
        )}
        {(session !== null || entries.length > 0) && <ClearButton onClear={() => void clear()} />}
      </header>
      <Banners
        connection={page.connection}
        notice={page.notice}
        onDismissNotice={() => dispatch({ type: 'notice-dismissed' })}
        keys={page.keys}
        onEnterKey={enterKey}
      />
      <main>
        <section className="stage" aria-label="The bar">
          <div className="stage-cards">
            <OrderOnCounter session={session} />
            <div aria-live="polite">
              {session && <PaymentCard payment={session.payment} paidAmount={page.paidAmount} onCancel={cancelPayment} />}
            </div>
            {problem && <ProblemCard problem={problem} onDismiss={() => dispatch({ type: 'problem-dismissed' })} />}
          </div>
          {session && <TabOverlay payment={session.payment} isAskingToPay={page.asking === 'pay'} onTip={setTip} onPay={pay} />}
        </section>
        <section className="chat" aria-label="Chat">
          <Conversation
            entries={entries}
            lastSent={page.turns.at(-1)?.id}
            emptyState={page.isLoaded && <Suggestions onChoose={send} />}
            onRetry={retry}
            onDismiss={dismiss}
          />
          <Composer field={field} isSpeaking={entries.some(({ kind }) => kind === 'reply')} onSend={send} onStop={stopAnswers} />
        </section>
      </main>
      {page.keys && (
        <KeyForm isOpen={page.overlay === 'keys'} keys={page.keys} onClose={closeKeys} onSave={giveKeys} onRemove={removeKeys} />
      )}
      <QuotaOverlay isOpen={page.overlay === 'quota'} onDismiss={closeQuota} onEnterKey={enterKey} />
    </div>
  );
}
