import { describe, expect, it } from 'vitest';
import { loadMenu } from '../../server/menu/index.ts';
import { contextDrinks, DEFAULT_CONFIG, detectSpeechAct, isCasual } from '../../server/understanding/index.ts';

const menu = loadMenu();
const act = (text: string, recentDrinks: readonly string[] = []) => detectSpeechAct(text, { menu, recentDrinks });

describe('speech acts', () => {
  it.each([
    ...[
      'I can get you a whiskey',
      'I will make a martini',
      "I'll prepare the cocktail",
      'I’ll prepare the cocktail',
      'I shall serve the drink',
      'certainly, I make a beer',
      'Of course, get the beverage',
    ],
    ...[
      'absolutely, I can serve it neat',
      'Sure, let me get that beer',
      'one whiskey coming right up',
      'One old fashioned coming up',
      'your manhattan, coming right up',
    ],
  ])('"%s" is a commissive', (said) => {
    expect(act(said)).toEqual({ act: 'commissive', intent: 'order_confirmation', confidence: 0.3, confirmed: false });
  });

  it.each([
    'Here is your whiskey',
    "Here's the drink",
    'this is your cocktail',
    'that was the best drink',
    'your manhattan is ready',
    'one beverage for you',
    'Here’s your order',
  ])('"%s" is an assertive', (said) => {
    expect(act(said)).toEqual({ act: 'assertive', intent: 'order_confirmation', confidence: 0.3, confirmed: false });
  });

  it.each([
    'a martini please',
    'can you get a negroni',
    'would you bring a tap beer',
    'I want an IPA',
    'I need a soda',
    "I'd like a lemonade",
    'may I have a water',
    'two brandies please',
    'a cosmo please',
  ])('"%s" is a directive', (said) => {
    expect(act(said)).toMatchObject({ act: 'directive', intent: 'order_request', confirmed: false });
  });

  it.each([
    'please',
    'can you sing',
    'here is your hat',
    'I will make my bed',
    'the weather is nice',
    '',
    'a martini',
    'surely martinique',
    'I want to break free',
    'displease whiskeyed',
  ])('"%s" has no intent', (said) => {
    expect(act(said).intent).toBe('none');
  });

  it('scores 0.3 per order word, 0.2 per order word named lately and 0.5 for a commissive with such a context', () => {
    expect(act('I will get a whiskey').confidence).toBe(0.3);
    expect(act('I will get a whiskey and a beer').confidence).toBe(0.6);
    expect(act('I will get a whiskey', ['negroni']).confidence).toBe(0.3);
    expect(act('I will get a whiskey', ['martini'])).toMatchObject({ confidence: 1, confirmed: true });
    expect(act('coming right up', ['martini'])).toMatchObject({ act: 'commissive', confidence: 0.7, confirmed: true });
    expect(act('here is your whiskey', ['whiskey'])).toMatchObject({ confidence: 0.5, confirmed: true });
    expect(act('here is your hat', ['whiskey'])).toMatchObject({ confidence: 0.2, intent: 'none' });
    expect(act('please', ['martini', 'whiskey'])).toMatchObject({ confidence: 0.4, intent: 'order_request' });
  });

  it('is never more than certain', () => {
    expect(act('sure, get me a whiskey, a beer, a cocktail, a drink and a martini', ['whiskey', 'beer', 'martini']).confidence).toBe(1);
  });

  it('counts a word once, in any number and spelling', () => {
    expect(act('I will get whiskey, whiskeys, whisky').confidence).toBe(0.3);
  });

  it('acts on a confirmation only above the threshold, which is configuration', () => {
    const config = { ...DEFAULT_CONFIG, speechAct: { ...DEFAULT_CONFIG.speechAct, confirmationThreshold: 0.2, intentThreshold: 0.25 } };
    expect(detectSpeechAct('I will get a whiskey', { menu, config }).confirmed).toBe(true);
    expect(act('I will get a whiskey').confirmed).toBe(false);
  });
});

describe('drinks named lately', () => {
  it('come from the last three messages, each once', () => {
    const messages = ['A negroni?', 'Two martinis and a whiskey, neat.', 'One mojito', 'or wine: whiskey'];
    expect(contextDrinks(messages).toSorted()).toEqual(['martini', 'mojito', 'neat', 'whiskey', 'wine']);
  });

  it('are words, not letters inside others', () => {
    expect(contextDrinks(['The engine drums on', 'spectrum'])).toEqual([]);
  });
});

describe('casual conversation', () => {
  it.each([
    'how are you?',
    'the weather is lovely',
    'tell me about Moksha',
    'what is the meaning of life',
    'I fell in love',
    'you are a goldmine of gossip',
    'adrink',
    'engineers',
    'tippity',
  ])('"%s" is casual', (said) => {
    expect(isCasual(said, menu)).toBe(true);
  });

  it.each([
    ...[
      'what was my order',
      'the menu',
      'I could use a drink',
      'beer is nice',
      'cocktails are fun',
      'the price',
      'what does it cost',
      'the bill',
      'my payment',
      'a tip for you',
    ],
    ...['I love martinis', 'gin', 'do you like whisky?', 'the Long Island coast', 'a water slide', 'a martini please', '', '   '],
  ])('"%s" is not', (said) => {
    expect(isCasual(said, menu)).toBe(false);
  });
});
