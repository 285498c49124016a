package com.posthog.aigateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonLayoutTest {

    private static final Instant AT = Instant.parse("2026-11-23T12:00:00.123Z");

    private final LoggerContext context = new LoggerContext();

    @Test
    void writesOneObjectPerLine() throws Exception {
        var line = laidOut("door", "listening on 8080", null);

        assertThat(parsed(line)).isEqualTo(parsed("""
                {"at": "2026-11-23T12:00:00.123Z", "level": "WARN", "logger": "door", "message": "listening on 8080"}
                """));
    }

    @Test
    void letsNoMessageBeginALineOfItsOwn() throws Exception {
        var every = IntStream.range(0, 0x3000).mapToObj(Character::toString).collect(Collectors.joining()) + "\uD800";

        var line = laidOut("door", every, null);

        assertThat(line).endsWith("}\n");
        assertThat(line.substring(0, line.length() - 1).chars()).allMatch(c -> c >= ' ' && c < 0x80);
        assertThat(parsed(line).path("message").asText()).isEqualTo(every);
    }

    @Test
    void tellsAnExceptionInOneString() throws Exception {
        var fault = new IllegalStateException("no\nluck", new java.io.IOException("gone"));

        var error = parsed(laidOut("door", "failed", fault)).path("error").asText();

        assertThat(error)
                .startsWith("java.lang.IllegalStateException: no\nluck; at " + JsonLayoutTest.class.getName())
                .contains("; caused by java.io.IOException: gone; at ");
        assertThat(error.split("; at ")).hasSizeLessThan(20);
    }

    @Test
    void endsWithCausesThatGoInACircle() throws Exception {
        var one = new IllegalStateException("one");
        var other = new IllegalStateException("other", one);
        one.initCause(other);

        assertThat(parsed(laidOut("door", "failed", one)).path("error").asText())
                .contains("caused by");
    }

    @Test
    void leavesTheLineOfACallAsItIs() {
        assertThat(laidOut("call", "{\"id\":1}", null)).isEqualTo("{\"id\":1}\n");
    }

    @Test
    void isWhatTheProgramLogsWith() throws Exception {
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(JsonLayoutTest.class.getResource("/logback.xml"));

        var root = context.getLogger("ROOT");
        var appender = (ConsoleAppender<?>) root.getAppender("stdout");
        assertThat(((LayoutWrappingEncoder<?>) appender.getEncoder()).getLayout())
                .isInstanceOf(JsonLayout.class);
        assertThat(root.getLevel()).isEqualTo(Level.INFO);
        assertThat(context.getLogger("org.apache.hc.client5").getEffectiveLevel())
                .isEqualTo(Level.WARN);
        assertThat(context.getLogger("io.helidon.webserver").getEffectiveLevel())
                .isEqualTo(Level.WARN);
        context.stop();
    }

    private String laidOut(String logger, String message, @Nullable Throwable thrown) {
        var event = new LoggingEvent("", context.getLogger(logger), Level.WARN, message, thrown, null);
        event.setInstant(AT);
        return new JsonLayout().doLayout(event);
    }

    private static JsonNode parsed(String json) throws Exception {
        return new ObjectMapper().readTree(json);
    }
}
