"""First names that officials in Poland and their partners abroad bear: enough to tell which word is the
surname.

The commonest in the Polish PESEL register, with a short choice of neighbours' names. A name that is missing
here costs little: the guess falls back on word order, and the organiser can correct it.
"""

_POLISH = """
ada adam adela adelajda adolf adrian adriana adrianna agata agnieszka alan albert albin aldona aleksander
aleksandra aleksy alfred alfreda alicja alina alojzy amanda amelia anastazja anatol andrzej aneta angelika
aniela anita anna antoni antonina apolonia apoloniusz arkadiusz arleta aron artur august augustyn aurelia
bartłomiej bartosz beata benedykt beniamin bernadeta bernadetta bernard bernarda błażej bogdan bogna bogumił
bogumiła bogusław bogusława bolesław bonifacy borys bożena bożenna bronisław bronisława brunon brygida
cecylia celina cezary cyprian cyryl czesław czesława dagmara damian daniel daniela danuta daria dariusz
dawid diana dionizy dobrosław dobrosława dominik dominika donata dorota edmund edward edyta eliza elwira
elżbieta emil emilia emilian ernest ernestyna eryk eugenia eugeniusz eustachy ewa ewelina fabian faustyna
felicja feliks ferdynand filip filomena florentyna florian franciszek franciszka fryderyk gabriel gabriela
genowefa gerard gertruda gracjan grażyna grzegorz gustaw halina hanna helena henryk henryka hieronim hilary
honorata hubert ida ignacy iga igor ilona inga irena ireneusz irmina iwo iwona iza izabela izabella izydor
jacek jadwiga jagoda jakub jan janina janusz jarosław jerzy joachim joanna jolanta jowita józef józefa
józefina judyta julia julian julianna julita juliusz justyn justyna kacper kajetan kalina kamil kamila
karina karol karolina katarzyna kazimiera kazimierz kinga klara klaudia klaudiusz klemens konrad konstanty
konstancja kordian kornel kornelia kosma krystian krystyna krzysztof ksawery ksenia laura lech lechosław
lena leokadia leon leonard leonarda leonid leopold lesław leszek lidia lila liliana liwia longin lucjan
lucjusz lucyna ludmiła ludomir ludwik ludwika łucja łukasz maciej magda magdalena maja maksym maksymilian
malwina małgorzata manuela marcel marcelina marcin marek maria marian marianna mariola mariusz marlena marta
martyna maryla marzanna marzena mateusz matylda maurycy melania michalina michał mieczysław mieczysława
mikołaj milena miłosz mira mirela miron mirosław mirosława moira monika nadia narcyz natalia nataniel
natasza nel nela nikodem nikola nikolas nina nora norbert olaf olga olgierd oliwia oliwier oskar otylia
patrycja patryk paula paulina paweł pelagia piotr pola polikarp przemysław radomir radosław rafał regina
remigiusz renata robert roch roman romana romuald rozalia róża rudolf ryszard ryszarda sabina salomea sandra
sara sebastian seweryn seweryna sławomir sławomira sonia stanisław stanisława stefan stefania stella
sulisław sylwester sylwia szczepan szymon świętosława tadeusz tamara tatiana teodor teodora teofil teresa
tobiasz tomasz tomisław tymon tymoteusz urszula wacław wacława walenty walentyna waleria walerian walery
wanda wawrzyniec weronika wiesław wiesława wiktor wiktoria wilhelm wilhelmina wincenty wioleta wioletta
wiera wirginia wit witold władysław władysława włodzimierz włodzimiera wojciech zachariasz zbigniew zbysław
zdzisław zdzisława zenobia zenobiusz zenon ziemowit zofia zuzanna zygfryd zygmunt zyta żaneta żywia
"""

_ABROAD = """
aleksandr alena alexander alexandra ana anders andreas andrea andrej andrew andrii andriy ann anne antonio
barbara barbora bernhard bohdan brian bruno carl carlos carmen caroline catherine charles charlotte
christian christine christoph claire claudia dana david denis denys dietmar dmytro edita elena elisabeth
elizabeth emma eric erik eva francesco françois frank friedrich georg george gerhard giovanni giulia
giuseppe günter halyna hans heinrich helga helmut henri henrik hryhorii ihor ingrid inna irina iryna ivan
ivana ivo jaana jack jacques james jana jane jean jennifer jens jiří joan johan johann johannes john jonas
jorge josef josé juan julie jürgen kai karel karen karin karl katarína kateřina kateryna katja kenneth klaus
kristina kristof lars larysa laurent leonardo lenka linas louis luca lucia lucie luis luka luís lyudmyla
manfred marco margaret marie mariia marina mario mark markus martin martina mary matej matthias max mia
michael michaela michel milan miloš miroslav monica mykhailo mykola natalija nataliia nataliya nicolas
nicole nikolai oksana oleg oleh oleksandr oleksii olena olha olivier ondřej otto pablo paul pavel pavlo
pedro peter petr petra petro philip philippe pierre rainer ralf rasa renate richard robertas roberto rolf
ruslan samuel sarah serhii silvia simon simona sofia solomiia stanislav stephan steven sven svitlana tereza
taras thomas timothy tomas tomáš ulrich ursula uwe valentyna vasyl vera viktor viktoriia vincent vincenzo
vladimir volodymyr vytautas walter werner william wolfgang yana yevhen yuliia yurii zdeněk zuzana
"""

FIRST_NAMES: frozenset[str] = frozenset((_POLISH + _ABROAD).split())
"""In lower case, with their diacritics."""
