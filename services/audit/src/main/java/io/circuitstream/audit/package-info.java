/** Looks at what the other services yield with rules, and writes what it finds so that nobody can change it unnoticed. */
@NullMarked
package io.circuitstream.audit;

import org.jspecify.annotations.NullMarked;
