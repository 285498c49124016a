package com.posthog.aigateway.resolve;

import com.posthog.aigateway.catalogue.Snapshot;
import java.util.Locale;
import java.util.regex.Pattern;

/// A model's name as a client wrote it, on its way to a name that the catalogue may know. Each step takes off only what
/// is known to be no part of a name; what is left must be in the catalogue as a whole.
///
/// @param longContext `[1m]` stood behind the name
/// @param vertexDay the day of its snapshot stood behind an `@`
record Spelling(String name, boolean longContext, boolean vertexDay) {

    /// ASCII only: other alphabets have letters whose small form is one of ours. The longest real names are ARNs.
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._:/@\\[\\]-]{1,256}");

    private static final Pattern DECORATION = Pattern.compile("\\[1m]$|[@:]latest$|@default$");

    /// True when the other steps can make anything of a name.
    static boolean isPlain(String name) {
        return PLAIN.matcher(name.strip()).matches();
    }

    /// A name for one line of text.
    static String quoted(String name) {
        var shown = name.codePoints()
                .limit(100)
                .map(each -> Character.isISOControl(each) ? '\uFFFD' : each)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
        return "'" + shown + (shown.length() < name.length() ? "...'" : "'");
    }

    /// A plain name, as it was written.
    static Spelling of(String name) {
        return new Spelling(name, false, false);
    }

    /// Without blanks, capitals, `[1m]`, `@default`, `@latest` and `:latest`; and a day behind a dash, not an `@`.
    Spelling undecorated() {
        var left = name.strip().toLowerCase(Locale.ROOT);
        boolean longContext = false;
        for (var found = DECORATION.matcher(left); found.find(); found.reset(left)) {
            longContext |= found.group().equals("[1m]");
            left = left.substring(0, found.start());
        }
        var dated = Snapshot.of(left).orElse(null);
        return dated != null && left.charAt(dated.base().length()) == '@'
                ? new Spelling(dated.base() + "-" + dated.day(), longContext, true)
                : new Spelling(left, longContext, false);
    }

    /// Without what gateways and clouds write around a name.
    Spelling unwrapped() {
        return new Spelling(Wrapper.off(name), longContext, vertexDay);
    }

    /// With dashes for dots.
    Spelling dashed() {
        return new Spelling(dashed(name), longContext, vertexDay);
    }

    static String dashed(String name) {
        return name.replace('.', '-');
    }
}
