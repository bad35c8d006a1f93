import { mount } from 'svelte';
import App from './App.svelte';
import { takeAnswer } from './lib/auth';
import { navigate } from './lib/navigation.svelte';
import './lib/theme.css';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
const asked = await takeAnswer();
// Whatever the issuer answered is in the address no longer, not even a step back.
if (asked !== null) navigate(asked, { replace: true });
mount(App, { target });
