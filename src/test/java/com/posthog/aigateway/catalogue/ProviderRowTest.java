package com.posthog.aigateway.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import com.posthog.aigateway.config.Secret;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProviderRowTest {

    private static Provider provider(String row) {
        return Catalogues.of("providers:\n  one: { " + row + " }\n").providers().getFirst();
    }

    @Test
    void speaksAsTheFamilyUnlessItIsToldOtherwise() {
        var provider = provider("family: openai, url: 'https://a.test', key: k");

        assertThat(provider.wire()).isEqualTo(Wire.NATIVE);
        assertThat(provider.auth()).isEqualTo(new Auth.Key(new Secret("k")));
        assertThat(provider.headers()).isEmpty();
    }

    /// Of several the first that is set; what is not set counts as not there.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ key: k, bearer: b, aws: { region: r } } | Key",
                "{ key: '', bearer: b, aws: { region: r } } | Bearer",
                "{ bearer: '', entra: { tenant: t, client_id: c, client_secret: s }, aws: { region: r } } | Entra",
                "{ entra: { tenant: t, client_id: c, client_secret: '' }, aws: { region: r } } | Aws",
                "{ entra: { tenant: t } } | None",
                "{ aws: { region: '' } } | None",
                "{ } | None"
            })
    void showsWhoWeAreByTheFirstThatIsSet(String auth, String kind) {
        var provider = provider("family: anthropic, url: 'https://a.test', auth: " + auth);

        assertThat(provider.auth().getClass().getSimpleName()).isEqualTo(kind);
        assertThat(provider.configured()).isEqualTo(!kind.equals("None"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "bedrock-invoke | anthropic | bedrock | https://bedrock-runtime.eu-central-1.amazonaws.com | none",
                "bedrock-mantle | anthropic | bedrock-mantle | https://bedrock-mantle.eu-central-1.api.aws | none",
                "bedrock-mantle | openai | bedrock-mantle | https://bedrock-mantle.eu-central-1.api.aws | none",
                "bedrock-mantle | openai | bedrock-mantle | https://a.test | https://a.test"
            })
    void findsBedrockByItsRegion(String wire, String family, String service, URI url, @Nullable URI named) {
        var provider = provider("family: " + family + ", wire: " + wire
                + (named == null ? "" : ", url: '" + named + "'") + ", auth: { aws: { region: eu-central-1 } }");

        assertThat(provider.url()).isEqualTo(url);
        assertThat(provider.auth()).isEqualTo(new Auth.Aws(service, "eu-central-1", null));
    }

    @Test
    void takesUpARoleWhereItHasAToken() {
        var row =
                "family: anthropic, wire: bedrock-invoke, auth: { aws: { region: r-1, role: 'arn:x', token_file: '%s' } }";

        assertThat(provider(row.formatted("/var/token")).auth())
                .isEqualTo(new Auth.Aws("bedrock", "r-1", new Auth.Role("arn:x", Path.of("/var/token"))));
        assertThat(provider(row.formatted("")).auth()).isEqualTo(new Auth.Aws("bedrock", "r-1", null));
    }

    /// Nobody has seen the real one answer there yet.
    @ParameterizedTest
    @CsvSource({"true, true", "false, false"})
    void isOffUntilItWasVerified(boolean verified, boolean configured) {
        var provider = provider("family: anthropic, wire: bedrock-messages, verified: " + verified
                + ", auth: { aws: { region: eu-central-1 } }");

        assertThat(provider.configured()).isEqualTo(configured);
        assertThat(provider.lack().orElse("nothing")).isEqualTo(configured ? "nothing" : "is not 'verified'");
    }

    @Test
    void isOffWithoutItsPlace() {
        assertThat(provider("family: openai, wire: azure, url: '', key: k").lack())
                .contains("has no url");
        assertThat(provider("family: anthropic, wire: bedrock-invoke, auth: { bearer: b }")
                        .lack())
                .contains("has no url");
    }

    @Test
    void sendsFieldsOfItsOwn() {
        var provider = provider(
                "family: anthropic, url: 'https://a.test', key: k, headers: { anthropic-workspace-id: wrkspc_1 }");

        assertThat(provider.headers()).containsEntry("anthropic-workspace-id", "wrkspc_1");
    }

    /// Who starts the sample without the environment of Azure or AWS sends nothing there.
    @Test
    void isOffInTheSampleUntilTheEnvironmentNamesIt() {
        var sample = Catalogues.sample();

        assertThat(sample.providers())
                .extracting(Provider::id)
                .containsExactly("anthropic", "openai", "azure", "bedrock", "bedrock-mantle", "bedrock-openai");
        assertThat(sample.providers()).noneMatch(Provider::configured);
        assertThat(sample.models())
                .filteredOn(model -> model.targets().size() > 1)
                .hasSizeGreaterThan(50)
                .allMatch(model -> model.targets().getFirst().provider().wire() == Wire.NATIVE);
    }
}
