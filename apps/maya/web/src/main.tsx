import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './page.css';
import './avatar/avatar.css';
import './chat/chat.css';
import './keys/keys.css';
import './order/order.css';
import './payment/payment.css';
import './session/session.css';
import './speech/speech.css';
import './tab/tab.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id "root"; put it back');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
