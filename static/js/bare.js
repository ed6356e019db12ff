// Entry of pages without navigation (login, password, errors): only the double-submit guard.
import { setUpForms } from "./forms.js";

setUpForms();
