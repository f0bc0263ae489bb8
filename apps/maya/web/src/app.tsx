import { useEffect, useRef, type ReactNode } from 'react';
import { Avatar } from './avatar/avatar.tsx';
import { moodOf } from './avatar/mood.ts';
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
import { DeviceButton } from './session/device-button.tsx';
import { ProblemCard } from './session/problem-card.tsx';
import { useSession } from './session/use-session.ts';
import { SpeechButton } from './speech/speech-button.tsx';
import { useSpeech } from './speech/use-speech.ts';
import { TabOverlay } from './tab/tab-overlay.tsx';

export function App(): ReactNode {
  const { page, dispatch, follow, setTip, pay, cancelPayment, stopAnswers, giveKeys, removeKeys, reset } = useSession();
  const speech = useSpeech(dispatch);
  const chat = useChat(dispatch, follow, speech);
  const field = useRef<HTMLTextAreaElement>(null);
  const { session, problem } = page;
  const entries = toTranscript(page);

  const { turn: turnSpeech } = speech;
  useEffect(() => {
    if (page.round === 0) return;
    turnSpeech(false);
    field.current?.focus();
  }, [page.round, turnSpeech]);

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
    else field.current?.focus();
  };

  const stop = (): void => {
    speech.hush();
    stopAnswers();
  };

  const enterKey = (): void => dispatch({ type: 'overlay-opened', overlay: 'keys' });
  const closeKeys = (): void => dispatch({ type: 'overlay-closed', overlay: 'keys' });
  const closeQuota = (): void => dispatch({ type: 'overlay-closed', overlay: 'quota' });

  return (
    <div className="page" data-session={session !== null}>
      <header className="page-header">
        <h1>Maya</h1>
        <p>your bartender</p>
        <SpeechButton isOn={speech.isOn} onTurn={turnSpeech} />
        {page.keys && (
          <button type="button" className="button button-quiet" onClick={enterKey}>
            Keys
          </button>
        )}
        {session !== null && <DeviceButton />}
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
          <Avatar mood={moodOf(entries)} isSpeaking={speech.isSpeaking} />
          <div className="stage-cards">
            <div aria-live="polite">
              {session && <PaymentCard payment={session.payment} paidAmount={page.paidAmount} onCancel={cancelPayment} />}
            </div>
            {problem && <ProblemCard problem={problem} onDismiss={() => dispatch({ type: 'problem-dismissed' })} />}
          </div>
          {session && (
            <div className="counter">
              <TabOverlay payment={session.payment} isAskingToPay={page.asking === 'pay'} onTip={setTip} onPay={pay} />
              <OrderOnCounter session={session} />
            </div>
          )}
        </section>
        <section className="chat" aria-label="Chat">
          <Conversation
            entries={entries}
            lastSent={page.turns.at(-1)?.id}
            emptyState={page.isLoaded && <Suggestions onChoose={send} />}
            onRetry={retry}
            onDismiss={dismiss}
          />
          <Composer
            key={page.round}
            field={field}
            isSpeaking={speech.isSpeaking || entries.some(({ kind }) => kind === 'reply')}
            onSend={send}
            onStop={stop}
          />
        </section>
      </main>
      {page.keys && (
        <KeyForm isOpen={page.overlay === 'keys'} keys={page.keys} onClose={closeKeys} onSave={giveKeys} onRemove={removeKeys} />
      )}
      <QuotaOverlay isOpen={page.overlay === 'quota'} onDismiss={closeQuota} onEnterKey={enterKey} />
    </div>
  );
}
